import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One answer: a status with an error code, a lost answer, one that never comes, or the plain truth. */
export type Answer =
  | { readonly status: number; readonly code?: string; readonly headers?: Readonly<Record<string, string>> }
  | 'honest'
  /** Does as asked and drops the connection instead of saying so. */
  | 'keep-and-reset'
  | 'reset'
  | 'hang';

export interface ScriptedS3 {
  readonly endpoint: string;
  readonly objects: Map<string, Buffer>;
  readonly requests: string[];
  /** The next requests get these answers, one each; behind them all is honest. */
  say(...answers: Answer[]): void;
  close(): Promise<void>;
}

/** A tiny S3 on loopback that misbehaves on demand. Honest about PUT with If-None-Match and GET; it cannot list. */
export async function scriptedS3(): Promise<ScriptedS3> {
  const objects = new Map<string, Buffer>();
  const requests: string[] = [];
  const script: Answer[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      requests.push(`${request.method} ${request.url}`);
      reply(script.shift() ?? 'honest', objects, request, Buffer.concat(chunks), response);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    objects,
    requests,
    say: (...answers) => void script.push(...answers),
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

function reply(
  answer: Answer,
  objects: Map<string, Buffer>,
  request: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
): void {
  if (answer === 'hang') return;
  if (answer === 'reset') return void request.socket.destroy();
  if (answer === 'keep-and-reset') {
    objects.set(keyOf(request), body);
    request.socket.destroy();
    return;
  }
  if (answer !== 'honest') return fail(response, answer.status, answer.code ?? '', answer.headers ?? {});
  const there = objects.get(keyOf(request));
  if (request.method === 'PUT') {
    if (there !== undefined && request.headers['if-none-match'] === '*')
      return fail(response, 412, 'PreconditionFailed');
    objects.set(keyOf(request), body);
    response.writeHead(200).end();
  } else if (there === undefined) fail(response, 404, 'NoSuchKey');
  else response.writeHead(200, { 'content-length': there.length }).end(there);
}

function keyOf(request: IncomingMessage): string {
  return new URL(request.url ?? '/', 'http://x').pathname;
}

function fail(response: ServerResponse, status: number, code: string, headers = {}): void {
  const xml = code === '' ? '' : `<?xml version="1.0"?><Error><Code>${code}</Code><Message></Message></Error>`;
  response.writeHead(status, { 'content-type': 'application/xml', ...headers }).end(xml);
}
