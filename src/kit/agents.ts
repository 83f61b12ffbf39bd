import { Agent as PlainAgent } from 'node:http';
import { Agent as TlsAgent } from 'node:https';
import { connect as connectPlain, isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type ConnectionOptions, connect as connectTls, type SecureContext } from 'node:tls';
import { authoritiesOf } from './authorities.ts';
import type { Route, Target } from './route.ts';
import { openTunnel } from './tunnel.ts';

const MOST_SOCKETS = 50;
const DIAL_MS = 10_000;

/** How Node asks an agent for a connection. */
type Wanted = Omit<ConnectionOptions, 'port'> & { readonly port?: number | string };
type Connected = (error: Error | null, socket?: Duplex) => void;

export interface Agents {
  readonly http: PlainAgent;
  readonly https: TlsAgent;
  destroy(): void;
}

/** Kept-alive connections on this route, for whatever speaks HTTP through Node's own agents. */
export function agentsOf(route: Route, maxSockets = MOST_SOCKETS): Agents {
  const http = new PlainAgent({ keepAlive: true, maxSockets });
  const https = new TlsAgent({ keepAlive: true, maxSockets });
  if (!route.isPlain) {
    const authorities = authoritiesOf(route.caFile);
    replaceDial(http, (wanted) => dial(wanted, false, route, authorities));
    replaceDial(https, (wanted) => dial(wanted, true, route, authorities));
  }
  return {
    http,
    https,
    destroy() {
      http.destroy();
      https.destroy();
    },
  };
}

/** Node documents `createConnection` as the place for this; its types know only the return value. */
function replaceDial(agent: PlainAgent | TlsAgent, open: (wanted: Wanted) => Promise<Duplex>): void {
  const createConnection = (wanted: Wanted, connected: Connected): void => {
    open(wanted).then(
      (socket) => connected(null, socket),
      (error: unknown) => connected(error as Error), // whatever it is, Node hands it to the request
    );
  };
  Object.assign(agent, { createConnection });
}

async function dial(
  wanted: Wanted,
  isTls: boolean,
  route: Route,
  authorities: () => Promise<SecureContext | undefined>,
): Promise<Duplex> {
  const target: Target = { host: wanted.host ?? 'localhost', port: Number(wanted.port ?? (isTls ? 443 : 80)), isTls };
  const secureContext = isTls ? await authorities() : undefined;
  const proxy = route.proxyTo(target);
  const socket =
    proxy === undefined
      ? await opened(connectPlain({ host: target.host, port: target.port }), 'connect')
      : await openTunnel(proxy, target, await (proxy.protocol === 'https:' ? authorities() : undefined));
  return isTls ? secured(socket, wanted, secureContext) : socket;
}

/** A request's `path` is no part of it: for TLS it would be a socket in the file system. */
function secured(socket: Socket, wanted: Wanted, secureContext: SecureContext | undefined): Promise<Duplex> {
  const { path: _, timeout: __, ...options } = wanted;
  const servername = options.servername ?? (isIP(options.host ?? '') === 0 ? options.host : undefined);
  const over = connectTls({
    ...options,
    port: Number(options.port),
    socket,
    ...(servername === undefined ? {} : { servername }),
    ...(secureContext === undefined ? {} : { secureContext }),
  });
  return opened(over, 'secureConnect').catch((error: unknown) => {
    socket.destroy();
    throw error;
  });
}

/** The socket once it is through, or why it is not. */
function opened<T extends Socket>(socket: T, when: 'connect' | 'secureConnect'): Promise<T> {
  return new Promise((resolve, reject) => {
    const onError = (error: Error) => reject(error);
    const onClose = () => reject(coded('the connection was closed', 'ECONNRESET'));
    const onTimeout = () => socket.destroy(coded('no connection in time', 'ETIMEDOUT'));
    socket.once('error', onError).once('close', onClose).once('timeout', onTimeout).setTimeout(DIAL_MS);
    socket.once(when, () => {
      socket.off('error', onError).off('close', onClose).off('timeout', onTimeout).setTimeout(0);
      resolve(socket);
    });
  });
}

function coded(message: string, code: string): Error {
  return Object.assign(new Error(message), { code });
}
