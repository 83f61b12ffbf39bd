import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { type Deployment, deployment } from '../kit/deployment.ts';
import { type HttpServer, httpServer } from '../kit/http-server.ts';
import { type MovableClock, movableClock } from '../kit/movable-clock.ts';
import { eventsAt, firstTimes } from '../kit/received-events.ts';
import { SIGNING_SECRET } from '../kit/webhook-receiver.ts';

const HOUR = 3_600_000;
const REFUSED = 'refused.user';
const HELD_BACK = 'held.back';

let clock: MovableClock;
let simulator: Simulator;
let receiver: HttpServer;
let muster: Deployment;

/** A receiver that will not have two of the users. */
beforeAll(async () => {
  clock = movableClock();
  simulator = await startSimulator({ clock, buildMs: 0, accounts: 1, usersPerAccount: 5 });
  receiver = await httpServer();
  const siem = {
    name: 'siem',
    type: 'webhook',
    url: receiver.url,
    secret: '${env:HOOK}',
    events: ['change', 'summary'],
  };
  muster = await deployment({ simulator, sinks: [siem], env: { HOOK: SIGNING_SECRET } });
  expect(await muster.run(['collect'])).toMatchObject({ code: 0 });
  for (const user of [REFUSED, HELD_BACK, 'fine'])
    simulator.mutate({ account: simulator.accounts[0]!.id, do: 'create_user', user });
  clock.move(4 * HOUR + 121_000);
  receiver.otherwise(({ text }) =>
    text.includes(REFUSED) || text.includes(HELD_BACK) ? { status: 400, body: 'no such tenant' } : { status: 200 },
  );
  expect(await muster.run(['collect'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('events were refused for good: muster dead-letters list'),
  });
});

afterAll(async () => {
  await Promise.all([receiver.close(), simulator.close()]);
  await muster.remove();
});

interface Letter {
  readonly id: string;
  readonly sink: string;
  readonly event_id: string;
  readonly reason: string;
  readonly payload: string;
}

let letters: readonly Letter[];

beforeEach(async () => {
  letters = JSON.parse((await muster.run(['dead-letters', 'list', '--json'])).stdout) as Letter[];
});

function letterOf(user: string): Letter {
  return letters.find(({ payload }) => payload.includes(user))!;
}

test('an event that is refused for good becomes a dead letter, and the others are delivered', async () => {
  expect(letters.map(({ sink, reason }) => [sink, reason])).toEqual([
    ['siem', expect.stringContaining('no such tenant')],
    ['siem', expect.stringContaining('no such tenant')],
  ]);
  const listed = await muster.run(['dead-letters', 'list']);
  expect(listed.stdout).toContain(letters[0]!.id);
  const delivered = acceptedEvents().filter(({ report }) => report.number === 2);
  expect(delivered.map(({ type, identity }) => identity?.name ?? type).sort()).toEqual(['fine', 'summary.report']);
});

test('show prints the letter with what was sent', async () => {
  const { id, event_id } = letterOf(REFUSED);
  const { code, stdout } = await muster.run(['dead-letters', 'show', id]);

  expect(code).toBe(0);
  const shown = JSON.parse(stdout) as Letter;
  expect(JSON.parse(shown.payload)).toMatchObject({ id: event_id, type: 'user.created', identity: { name: REFUSED } });
});

test('retry while it is still refused fails and says why; once it is taken the letter is settled', async () => {
  const { id, event_id } = letterOf(REFUSED);
  expect(await muster.run(['dead-letters', 'retry', id])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('refused again: answered 400: no such tenant'),
  });

  receiver.otherwise({ status: 200 });
  expect(await muster.run(['dead-letters', 'retry', id])).toMatchObject({ code: 0, stderr: '' });

  expect(eventsAt(receiver).at(-1)).toMatchObject({ id: event_id });
  expect((await muster.run(['dead-letters', 'list'])).stdout).not.toContain(id);
});

test('drop settles the rest, and the list is empty', async () => {
  const { id } = letterOf(HELD_BACK);
  expect(await muster.run(['dead-letters', 'drop', id])).toMatchObject({ code: 0, stderr: '' });

  expect(await muster.run(['dead-letters', 'list'])).toMatchObject({ code: 0, stdout: 'there are no dead letters\n' });
  expect(await muster.run(['dead-letters', 'drop', id])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('there is no dead letter'),
  });
});

test('replay sends a period again with the same ids, writes no receipt, and says how many events went', async () => {
  const before = { objects: await muster.objects(), requests: receiver.requests.length };

  const { code, stderr } = await muster.run(['replay', '--sink', 'siem', '--since', '2026-11-20T10:00:00Z']);

  const again = receiver.requests
    .slice(before.requests)
    .flatMap(({ text }) => JSON.parse(text) as { id: string; report: { number: number } }[]);
  const known = new Set(eventsBefore(before.requests).map(({ id }) => id));
  expect({ code, stderr }).toEqual({ code: 0, stderr: `${again.length} events sent to siem\n` });
  expect(again.length).toBeGreaterThan(3);
  expect(again.filter(({ id }) => !known.has(id))).toEqual([]);
  expect(new Set(again.map(({ report }) => report.number))).toEqual(new Set([2]));
  expect(await muster.objects()).toEqual(before.objects);
});

test('a replay of nothing says so', async () => {
  const args = ['replay', '--sink', 'siem', '--since', '2026-11-20T10:00:00Z', '--until', '2026-11-20T11:00:00Z'];

  expect(await muster.run(args)).toMatchObject({ code: 0, stderr: '0 events sent to siem\n' });
});

function eventsBefore(requests: number) {
  return firstTimes(eventsAt({ ...receiver, requests: receiver.requests.slice(0, requests) }));
}

/** Of the requests that got 200: those without a user that is not wanted. */
function acceptedEvents() {
  const accepted = receiver.requests.filter(({ text }) => !text.includes(REFUSED) && !text.includes(HELD_BACK));
  return firstTimes(eventsAt({ ...receiver, requests: accepted }));
}
