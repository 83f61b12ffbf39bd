import * as http from 'node:http';
import * as https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { gunzipSync } from 'node:zlib';
import type { Certificate } from './certificate.ts';

export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  /** As it came over the wire. */
  readonly raw: Buffer;
  /** Decompressed. */
  readonly text: string;
}

/**
 * What the server does once it has the whole request. `hang`: never answers. `reset`: cuts the connection. `drip`: a
 * byte of a header now and then, for ever. `garbage`: something that is not HTTP.
 */
export type Reply =
  | 'hang'
  | 'reset'
  | 'drip'
  | 'garbage'
  | {
      readonly status: number;
      readonly headers?: http.OutgoingHttpHeaders;
      readonly body?: string;
      /** Leaves the body open after `body`, or cuts the connection there. */
      readonly end?: 'never' | 'reset';
    };

export interface HttpServer {
  readonly url: string;
  readonly requests: readonly ReceivedRequest[];
  /** The next answers, in order; after these, `otherwise`. */
  next(...replies: readonly Reply[]): void;
  otherwise(reply: Reply | ((request: ReceivedRequest) => Reply)): void;
  connections(): number;
  close(): Promise<void>;
}

/** An HTTP(S) server on loopback that answers what the test told it to. 200 without further word. */
export async function httpServer(certificate?: Certificate): Promise<HttpServer> {
  const requests: ReceivedRequest[] = [];
  const script: Reply[] = [];
  const sockets = new Set<Socket>();
  let fallback: Reply | ((request: ReceivedRequest) => Reply) = { status: 200 };
  const take = async (request: http.IncomingMessage, response: http.ServerResponse) => {
    const received = await receive(request);
    requests.push(received);
    const scripted = script.shift() ?? fallback;
    answer(typeof scripted === 'function' ? scripted(received) : scripted, response);
  };
  const onRequest: http.RequestListener = (request, response) => {
    void take(request, response).catch(() => undefined); // the client broke off
  };
  const server =
    certificate === undefined ? http.createServer(onRequest) : https.createServer({ ...certificate }, onRequest);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket)).on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${certificate === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    requests,
    next: (...replies) => void script.push(...replies),
    otherwise: (reply) => {
      fallback = reply;
    },
    connections: () => sockets.size,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function receive(request: http.IncomingMessage): Promise<ReceivedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const raw = Buffer.concat(chunks);
  const text = (request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw).toString('utf8');
  return { method: request.method ?? '', path: request.url ?? '', headers: request.headers, raw, text };
}

function answer(reply: Reply, response: http.ServerResponse): void {
  if (reply === 'hang') return;
  const socket = response.socket;
  if (reply === 'reset') return void socket?.resetAndDestroy();
  if (reply === 'garbage') return void socket?.end('NOT HTTP AT ALL\r\n\r\n');
  if (reply === 'drip') return drip(socket);
  response.writeHead(reply.status, reply.headers);
  if (reply.end === undefined) return void response.end(reply.body ?? '');
  response.write(reply.body ?? ' ');
  if (reply.end === 'reset') setImmediate(() => socket?.resetAndDestroy());
}

function drip(socket: Socket | null): void {
  socket?.write('HTTP/1.1 200 OK\r\nx-slow: ');
  const timer = setInterval(() => socket?.write('.'), 20);
  socket?.once('close', () => clearInterval(timer));
}
