import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectTls, type SecureContext } from 'node:tls';
import type { Target } from './route.ts';
import { proxyRefuses, proxySilent } from './wire-trouble.ts';

const DIAL_MS = 10_000;
const LONGEST_HEAD = 16_384;

/** A connection to the target through the proxy, by CONNECT. Its errors name the proxy, never its password. */
export function openTunnel(proxy: URL, target: Target, secureContext: SecureContext | undefined): Promise<Socket> {
  const socket = toProxy(proxy, secureContext);
  const at = authority(target);
  return new Promise((resolve, reject) => {
    const end = (error?: Error) => {
      clearTimeout(timer);
      socket.off('error', onError).off('close', onClose).off('readable', onReadable);
      if (error === undefined) return resolve(socket);
      socket.destroy();
      reject(error);
    };
    const onError = (error: NodeJS.ErrnoException) => end(proxySilent(proxy, error.code ?? error.name));
    const onClose = () => end(proxySilent(proxy, 'closed'));
    const timer = setTimeout(() => end(proxySilent(proxy, 'timeout')), DIAL_MS);
    const read = headReader();
    const onReadable = () => {
      const head = read(socket);
      if (head === undefined) return;
      const status = /^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1];
      if (status === undefined) end(proxySilent(proxy, 'not HTTP'));
      else end(status.startsWith('2') ? undefined : proxyRefuses(proxy, at, Number(status)));
    };
    socket.on('error', onError).on('close', onClose).on('readable', onReadable);
    socket.once(proxy.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
      socket.write(`CONNECT ${at} HTTP/1.1\r\nHost: ${at}\r\n${authorization(proxy)}\r\n`);
    });
  });
}

function toProxy(proxy: URL, secureContext: SecureContext | undefined): Socket {
  const host = proxy.hostname.replace(/^\[(.*)\]$/, '$1');
  if (proxy.protocol === 'http:') return connectPlain({ host, port: Number(proxy.port || 80) });
  const port = Number(proxy.port || 443);
  const servername = isIP(host) === 0 ? { servername: host } : {};
  return connectTls({ host, port, ...servername, ...(secureContext === undefined ? {} : { secureContext }) });
}

function authority({ host, port }: Target): string {
  return `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
}

function authorization({ username, password }: URL): string {
  if (username === '' && password === '') return '';
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Proxy-Authorization: Basic ${Buffer.from(pair).toString('base64')}\r\n`;
}

/** All up to the empty line; what comes behind it belongs to the target and is put back. */
function headReader(): (socket: Socket) => string | undefined {
  let seen = Buffer.alloc(0);
  return (socket) => {
    for (let chunk = socket.read() as Buffer | null; chunk !== null; chunk = socket.read() as Buffer | null) {
      seen = Buffer.concat([seen, chunk]);
      const end = seen.indexOf('\r\n\r\n');
      if (end === -1 && seen.length < LONGEST_HEAD) continue;
      if (end === -1) return '';
      const rest = seen.subarray(end + 4);
      if (rest.length > 0) socket.unshift(rest);
      return seen.toString('latin1', 0, end);
    }
    return undefined;
  };
}
