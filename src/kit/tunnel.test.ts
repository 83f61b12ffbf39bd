import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, expect, test } from 'vitest';
import { selfSigned } from '../../test/kit/certificate.ts';
import { agentsOf } from './agents.ts';
import type { Route } from './route.ts';
import { openTunnel } from './tunnel.ts';

const TARGET = { host: 'cloud.example', port: 443, isTls: true };

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function proxy(onHead: (socket: Socket, head: string) => void, server = createServer()): Promise<URL> {
  const onSocket = (socket: Socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (head: Buffer) => onHead(socket, head.toString('latin1')));
  };
  server.on('cert' in server ? 'secureConnection' : 'connection', onSocket);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

test.each<[string, (socket: Socket) => void, RegExp]>([
  ['is cut', (socket) => socket.destroy(), /does not answer \((closed|ECONNRESET)\)/],
  ['ends', (socket) => socket.end(), /does not answer \(closed\)/],
  ['is no HTTP', (socket) => socket.write('220 smtp\r\n\r\n'), /does not answer \(not HTTP\)/],
  ['never ends its head', (socket) => socket.write('x'.repeat(20_000)), /does not answer \(not HTTP\)/],
  [
    'asks who we are',
    (socket) => socket.write('HTTP/1.1 407 Who\r\n\r\n'),
    /does not connect us to cloud\.example:443 \(status 407\)/,
  ],
])('a proxy whose answer %s is told by its name', async (_, answer, message) => {
  const at = await proxy((socket) => answer(socket));

  await expect(openTunnel(at, TARGET, undefined)).rejects.toThrow(message);
});

test('what comes behind the head of the answer belongs to the target', async () => {
  const at = await proxy((socket) => {
    socket.write('HTTP/1.1 200 OK\r\nvia');
    setImmediate(() => socket.write(': x\r\n\r\nhello'));
  });

  const socket = await openTunnel(at, TARGET, undefined);
  const [first] = (await new Promise<Buffer>((resolve) => socket.once('data', resolve))).toString().split('\n');
  socket.destroy();

  expect(first).toBe('hello');
});

test('a target is asked for by its name, with the user of the proxy', async () => {
  let asked = '';
  const at = await proxy((socket, head) => {
    asked = head;
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
  });
  at.username = 'me';
  at.password = encodeURIComponent('p@ss:word');

  (await openTunnel(at, { ...TARGET, host: '2001:db8::1' }, undefined)).destroy();

  expect(asked).toContain('CONNECT [2001:db8::1]:443 HTTP/1.1\r\nHost: [2001:db8::1]:443\r\n');
  expect(asked).toContain(`Proxy-Authorization: Basic ${Buffer.from('me:p@ss:word').toString('base64')}\r\n`);
});

test('a proxy that speaks TLS has to be trusted', async () => {
  const at = await proxy(() => undefined, createTlsServer({ ...selfSigned() }));
  at.protocol = 'https:';

  await expect(openTunnel(new URL(at.href.replace('http:', 'https:')), TARGET, undefined)).rejects.toThrow(
    /does not answer \(DEPTH_ZERO_SELF_SIGNED_CERT\)/,
  );
});

test('a connection through the tunnel is kept for the next request', async () => {
  let tunnels = 0;
  const at = await proxy((socket) => {
    tunnels += 1;
    socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'));
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
  });
  const route: Route = { proxyTo: () => at, caFile: undefined, isPlain: false };
  const agents = agentsOf(route);

  for (let count = 0; count < 3; count += 1) await get(agents.http);
  agents.destroy();

  expect(tunnels).toBe(1);
});

function get(agent: ReturnType<typeof agentsOf>['http']): Promise<void> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: 'cloud.example', port: 80, agent }, (answer) => {
      answer.resume();
      answer.once('end', () => setImmediate(resolve));
    });
    asked.once('error', reject).end();
  });
}
