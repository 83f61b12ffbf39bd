import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { doctor } from '../../src/cli/commands/doctor.ts';
import { systemClock } from '../../src/kit/clock.ts';
import { cliIo } from '../kit/cli-io.ts';
import { temporaryFolder } from '../kit/folder.ts';
import { freePort } from '../kit/free-port.ts';
import { type RedisServer, startRedis } from '../kit/redis-server.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let redis: RedisServer;

beforeAll(async () => {
  redis = await startRedis();
  folder = await temporaryFolder();
});

afterAll(async () => {
  await redis.stop();
  await folder.remove();
});

interface Finding {
  readonly about: string;
  readonly ok: boolean;
  readonly text: string;
}

/** The account cannot be reached, and is not what is asked about. */
async function queueFinding(queue: string): Promise<Finding | undefined> {
  const auth = '{ access_key: { access_key_id: k, secret_access_key: "${env:SECRET}" } }';
  await writeFile(
    join(folder.path, 'muster.yaml'),
    `archive: ./archive\nhttp: false\n${queue}\naccounts: [{ provider: aws, account_id: "123456789012", name: prod, endpoint: "http://127.0.0.1:1", auth: ${auth} }]\nsinks: [{ name: out, type: stdout }]\n`,
  );
  const io = cliIo(folder.path, systemClock(), { SECRET: 'x', REDIS: redis.url });
  await doctor.run(['--json'], io);
  return (JSON.parse(io.said.out) as Finding[]).find(({ about }) => about === 'queue');
}

test('the doctor opens a Redis queue, takes no job, and leaves no connection', async () => {
  expect(await queueFinding('queue: "${env:REDIS}"')).toMatchObject({
    ok: true,
    text: expect.stringContaining(`127.0.0.1:${redis.port}`),
  });
  const clients = (await redis.cli('client', 'list')).split('\n');
  expect(clients).toHaveLength(1); // who asks
  expect(await redis.cli('--scan', '--pattern', '*:wait')).toBe('');
});

test('a Redis that does not answer is wrong, and so is one that would lose jobs', async () => {
  const port = await freePort();
  expect(await queueFinding(`queue: redis://127.0.0.1:${port}`)).toMatchObject({
    ok: false,
    text: expect.stringMatching(/^unreachable: .*did not answer/),
  });

  await redis.cli('config', 'set', 'maxmemory-policy', 'allkeys-lru');
  expect(await queueFinding('queue: "${env:REDIS}"')).toMatchObject({ ok: false });
});

test('a queue in memory is nothing to try', async () => {
  expect(await queueFinding('')).toBeUndefined();
});
