import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Metrics } from '../telemetry/metrics.ts';

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]', '::1']);

export interface HealthView {
  /** What keeps it from being ready, in words; undefined when it is. */
  notReady(): Promise<string | undefined>;
  readonly metrics: Metrics;
}

export interface HealthServer {
  readonly port: number;
  close(): Promise<void>;
}

/** `/livez`, `/readyz` and `/metrics`, on loopback by default. Only GET; nothing here names an account. */
export async function serveHealth(
  address: { readonly host: string; readonly port: number },
  view: HealthView,
): Promise<HealthServer> {
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 5_000 }, (request, response) => {
    answer(request, response, address.host, view).catch(() => send(response, 500, 'failed\n'));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(address.port, address.host, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
  return { port: portOf(server), close: () => closed(server) };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  host: string,
  view: HealthView,
): Promise<void> {
  if (LOOPBACK.has(host) && !LOOPBACK.has(hostOf(request))) return send(response, 421, 'not a host of this server\n');
  if (request.method !== 'GET' && request.method !== 'HEAD') return send(response, 405, 'only GET\n');
  switch (request.url) {
    case '/livez':
      return send(response, 200, 'ok\n');
    case '/readyz': {
      const reason = await view.notReady();
      return reason === undefined ? send(response, 200, 'ok\n') : send(response, 503, `${reason}\n`);
    }
    case '/metrics':
      return send(response, 200, await view.metrics.text(), view.metrics.contentType);
    default:
      return send(response, 404, 'there are /livez, /readyz and /metrics\n');
  }
}

/** A page in a browser that resolves its own name to loopback is turned away. */
function hostOf(request: IncomingMessage): string {
  return (request.headers.host ?? '').replace(/:\d+$/, '');
}

function send(response: ServerResponse, status: number, body: string, type = 'text/plain; charset=utf-8'): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
