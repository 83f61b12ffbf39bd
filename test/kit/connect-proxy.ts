import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export interface ConnectProxy {
  readonly port: number;
  readonly url: string;
  /** `host:port` of each tunnel that was asked for. */
  readonly asked: readonly string[];
  /** What came as Proxy-Authorization, decoded. */
  readonly users: readonly (string | undefined)[];
  /** From now on every CONNECT is answered so. */
  refuse(status: number | undefined): void;
  /** A name is a port here: the proxy, not we, looks names up. */
  names(map: Readonly<Record<string, number>>): void;
}

/** A forward proxy on loopback that knows CONNECT only, as a company's does for https. */
export async function connectProxy(): Promise<ConnectProxy> {
  const asked: string[] = [];
  const users: (string | undefined)[] = [];
  const sockets = new Set<Socket>();
  let refusal: number | undefined;
  let ports: Readonly<Record<string, number>> = {};
  const server = createServer((_, response) => void response.writeHead(405).end());
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket)).on('error', () => undefined);
  });
  server.on('connect', (request, client: Socket, head: Buffer) => {
    const target = request.url ?? '';
    asked.push(target);
    users.push(userOf(request.headers['proxy-authorization']));
    if (refusal !== undefined) return void client.end(`HTTP/1.1 ${refusal} No\r\ncontent-length: 0\r\n\r\n`);
    const host = target.replace(/:\d+$/, '');
    const upstream = connect(ports[host] ?? Number(/\d+$/.exec(target)?.[0]), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\nvia: a test\r\n\r\n');
      upstream.write(head);
      upstream.pipe(client).pipe(upstream);
    });
    upstream.on('error', () => client.destroy());
    sockets.add(upstream);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    asked,
    users,
    refuse: (status) => {
      refusal = status;
    },
    names: (map) => {
      ports = map;
    },
  };
}

function userOf(header: string | undefined): string | undefined {
  return header === undefined ? undefined : Buffer.from(header.replace(/^Basic /, ''), 'base64').toString('utf8');
}
