import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { WireReply, WireRequest } from './wire.ts';

const MAX_BODY_BYTES = 64 * 1024 * 1024;

export interface Listening {
  readonly url: string;
  close(): Promise<void>;
}

/** HTTP on loopback; what is answered is somebody else's business. */
export async function listen(port: number, answer: (request: WireRequest) => Promise<WireReply>): Promise<Listening> {
  const closing = new AbortController();
  const server = createServer((incoming, outgoing) => {
    serve(incoming, outgoing, closing.signal, answer).catch((problem: unknown) => confess(outgoing, problem));
  });
  // A server that drops idle connections races with clients that reuse them.
  server.keepAliveTimeout = 0;
  server.requestTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const { port: bound } = server.address() as AddressInfo; // a TCP server's address is never a string
  return { url: `http://127.0.0.1:${bound}`, close: () => close(server, closing) };
}

async function close(server: Server, closing: AbortController): Promise<void> {
  closing.abort(new Error('the simulator is closing'));
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function serve(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  closing: AbortSignal,
  answer: (request: WireRequest) => Promise<WireReply>,
): Promise<void> {
  const gone = new AbortController();
  const abort = () => gone.abort(new Error('the caller is gone'));
  outgoing.once('close', abort);
  closing.addEventListener('abort', abort, { once: true });
  try {
    const [path = '/', query = ''] = splitOnce(incoming.url ?? '/', '?');
    const body = await readBody(incoming);
    const { method = 'GET', headers } = incoming;
    send(outgoing, await answer({ method, path, query, headers, body, signal: gone.signal }));
  } finally {
    closing.removeEventListener('abort', abort);
  }
}

function splitOnce(text: string, mark: string): readonly string[] {
  const at = text.indexOf(mark);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new RangeError('the body is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** A bug of the simulator must not look like one of the simulated faults. */
function confess(outgoing: ServerResponse, problem: unknown): void {
  if (outgoing.headersSent || outgoing.destroyed) outgoing.destroy();
  else outgoing.writeHead(500, { 'content-type': 'text/plain' }).end(`the simulator failed: ${String(problem)}\n`);
}

function send(outgoing: ServerResponse, reply: WireReply): void {
  switch (reply.kind) {
    case 'reset':
      outgoing.socket?.resetAndDestroy();
      return;
    case 'hang':
      if (reply.ms !== undefined) setTimeout(() => outgoing.destroy(), reply.ms).unref();
      return;
    case 'answer': {
      const body = typeof reply.body === 'string' ? Buffer.from(reply.body, 'utf8') : reply.body;
      outgoing.writeHead(reply.status, { ...reply.headers, 'content-length': String(body.length) });
      if (reply.cut === true) cutShort(outgoing, body);
      else outgoing.end(body);
    }
  }
}

/** Half of what was promised goes out for sure before the connection is cut. */
function cutShort(outgoing: ServerResponse, body: Buffer): void {
  outgoing.write(body.subarray(0, Math.ceil(body.length / 2)), () => outgoing.destroy());
}
