import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { type Deployment, deployment, FILE_SINK, type RunOptions } from '../kit/deployment.ts';
import { type HttpServer, httpServer } from '../kit/http-server.ts';
import { type MovableClock, movableClock } from '../kit/movable-clock.ts';
import { type RedisServer, startRedis } from '../kit/redis-server.ts';
import { until } from '../kit/until.ts';
import { SIGNING_SECRET } from '../kit/webhook-receiver.ts';

const ACCOUNTS = 3;
const HOUR = 3_600_000;
/** A plan every few hundred milliseconds, so that silence is heard several times. */
const TICK = { MUSTER_TEST_TICK_MS: '5000' };

let clock: MovableClock;
let simulator: Simulator;
let receiver: HttpServer;
let redis: RedisServer;
let muster: Deployment;

/** A deployment that has collected and delivered all there is. */
beforeAll(async () => {
  clock = movableClock();
  simulator = await startSimulator({ clock, buildMs: 0, accounts: ACCOUNTS });
  [receiver, redis] = [await httpServer(), await startRedis()];
  const webhook = { name: 'siem', type: 'webhook', url: receiver.url, secret: '${env:HOOK}' };
  muster = await deployment({
    simulator,
    yaml: { queue: '${env:REDIS}' },
    sinks: [FILE_SINK, webhook],
    env: { HOOK: SIGNING_SECRET, REDIS: redis.url, ...TICK },
  });
  const daemon = await muster.daemon();
  const receipts = () => daemon.lines().filter(({ happening }) => happening === 'delivered');
  await daemon.said('that everything is delivered', () => receipts().length === 2 * (ACCOUNTS + 1));
  expect(await daemon.stop()).toBe(0);
});

afterAll(async () => {
  await Promise.all([redis.stop(), receiver.close(), simulator.close()]);
  await muster.remove();
});

/** All that would show that something was done. */
async function traces() {
  return {
    objects: await muster.objects(),
    events: (await muster.events()).length,
    posted: receiver.requests.length,
    calls: simulator.calls.list().map(({ action }) => action),
  };
}

/** Runs the daemon for several plans, which must find nothing due and nothing behind. One source is Muster's own: the accounts of the day. */
async function listen(
  options: RunOptions = {},
  meanwhile: () => Promise<unknown> = async () => undefined,
): Promise<void> {
  const daemon = await muster.daemon({ args: ['--log-level', 'debug'], ...options });
  const plans = () => daemon.lines().filter(({ happening }) => happening === 'planned');
  await daemon.said('that it has planned', () => plans().length >= 2);
  await meanwhile();
  const heard = plans().length;
  await daemon.said('that it has planned again', () => plans().length >= heard + 3);
  expect(await daemon.stop()).toBe(0);
  for (const plan of plans()) expect(plan).toMatchObject({ sources: ACCOUNTS + 1, due: 0, behind: 0 });
}

test('a restart is silent', async () => {
  const before = await traces();

  await listen();

  expect(await traces()).toEqual(before);
});

test('a FLUSHALL under a running daemon is silent', async () => {
  const before = await traces();

  await listen({}, () => redis.cli('flushall'));

  expect(await traces()).toEqual(before);
});

test('another host with another time zone, another language and an empty Redis is silent', async () => {
  const before = await traces();

  await listen({
    env: {
      REDIS: `${redis.url}/7`,
      TZ: 'Asia/Kolkata',
      LANG: 'tr_TR.UTF-8',
      LC_ALL: 'tr_TR.UTF-8',
      HOME: muster.folder,
    },
  });

  expect(await traces()).toEqual(before);
});

test('a daemon on an embedded queue over the same archive is silent', async () => {
  const before = await traces();

  await muster.configure({ yaml: {} });
  await listen();

  expect(await traces()).toEqual(before);
  await muster.configure({ yaml: { queue: '${env:REDIS}' } });
});

test('`muster collect` before anything is due asks the cloud nothing', async () => {
  const before = await traces();

  const { code, stdout } = await muster.run(['collect']);

  expect(code).toBe(0);
  expect(stdout.trim().split('\n')).toEqual(
    Array.from({ length: ACCOUNTS }, () => expect.stringContaining('next due at')),
  );
  expect(await traces()).toEqual(before);
});

test('`muster collect --now` asks, is given what is known already, and keeps silent about it', async () => {
  const before = await traces();

  const { code, stdout } = await muster.run(['collect', '--now']);

  expect(code).toBe(0);
  expect(stdout).toContain('the cloud still has the report of');
  const { calls, ...rest } = await traces();
  expect({ ...rest, calls: before.calls }).toEqual(before);
  expect(simulator.calls.list().filter(({ answer }) => answer.state === 'STARTED')).toHaveLength(ACCOUNTS);
  expect(calls.length).toBeGreaterThan(before.calls.length);
});

test('reading commands write nothing', async () => {
  const before = await traces();

  for (const args of [
    ['check'],
    ['status'],
    ['findings'],
    ['events'],
    ['reports', 'list'],
    ['reports', 'verify'],
    ['dead-letters', 'list'],
  ])
    expect(await muster.run(args)).toMatchObject({ code: 0, stderr: '' });

  expect(await traces()).toEqual(before);
});

test('two minutes before it is due there is silence; once it is due, each source is generated once', async () => {
  const before = await traces();
  clock.move(4 * HOUR - 2 * 60_000);
  const early = await muster.run(['collect']);
  expect(early.stdout.match(/next due at/g)).toHaveLength(ACCOUNTS);
  expect(await traces()).toEqual(before);

  clock.move(4 * 60_000);
  const daemon = await muster.daemon();
  await until('three more reports are archived', async () => reportsIn(await muster.objects()) === 2 * ACCOUNTS);
  expect(await daemon.stop()).toBe(0);

  const started = simulator.calls.list().filter(({ answer }) => answer.state === 'STARTED');
  expect(started).toHaveLength(2 * ACCOUNTS);
});

function reportsIn(objects: readonly string[]): number {
  return objects.filter((key) => /^sources\/aws\/.*manifest\.json$/.test(key)).length;
}
