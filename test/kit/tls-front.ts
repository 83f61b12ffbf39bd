import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request as ask } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { selfSigned } from './certificate.ts';

export interface TlsFront {
  readonly url: string;
  readonly port: number;
  /** The certificate that it is to be trusted by. */
  readonly caFile: string;
  /** Connections that came. */
  connections(): number;
}

/** https in front of a server that speaks http, by a certificate that nobody knows; `name`: another one that it has. */
export async function tlsFront(behind: string, name?: string): Promise<TlsFront> {
  const certificate = selfSigned(name);
  const folder = await mkdtemp(join(tmpdir(), 'muster-ca-'));
  const caFile = join(folder, 'ca.pem');
  await writeFile(caFile, certificate.cert);
  const { hostname, port: behindPort } = new URL(behind);
  const sockets = new Set<Socket>();
  let count = 0;
  const server = createServer({ ...certificate }, (request, response) => {
    const { method = 'GET', url = '/', headers } = request;
    const onward = ask({ host: hostname, port: behindPort, method, path: url, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  server.on('secureConnection', (socket: Socket) => {
    count += 1;
    sockets.add(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
    await rm(folder, { recursive: true });
  });
  const { port } = server.address() as AddressInfo;
  return { url: `https://127.0.0.1:${port}`, port, caFile, connections: () => count };
}
