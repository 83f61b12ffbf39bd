import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const server = createServer((request, response) => {
  response.writeHead(request.url === '/livez' ? 200 : 503).end();
});

beforeEach(() => new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve)));
afterEach(() => new Promise<void>((resolve) => void server.close(() => resolve())));

test('a daemon that answers is healthy', async () => {
  expect(await check('/livez')).toEqual({ code: 0, stderr: '' });
});

test('a daemon that answers anything but 200 is not, and the answer is named', async () => {
  const { code, stderr } = await check('/readyz');

  expect(code).toBe(1);
  expect(stderr).toContain('answered 503');
});

test('of several addresses each must be healthy', async () => {
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const { code, stderr } = await run(`${origin}/livez`, `${origin}/readyz`);

  expect(code).toBe(1);
  expect(stderr).toContain('/readyz answered 503');
});

test('a port where nobody listens is not healthy', async () => {
  const { code, stderr } = await run('http://127.0.0.1:9/livez');

  expect(code).toBe(1);
  expect(stderr).toContain('ECONNREFUSED');
});

function check(path: string) {
  return run(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
}

function run(...urls: string[]): Promise<{ code: number; stderr: string }> {
  const script = join(import.meta.dirname, 'health-check.ts');
  return new Promise((resolve) => {
    execFile(process.execPath, ['--import', 'tsx', script, ...urls], (error, _stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stderr });
    });
  });
}
