import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { step } from '../../src/simulator/aws/step.ts';
import { seededRandom } from '../../src/simulator/random.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { type Deployment, deployment, FILE_SINK } from '../kit/deployment.ts';
import { type HttpServer, httpServer } from '../kit/http-server.ts';
import { type MovableClock, movableClock } from '../kit/movable-clock.ts';
import { eventsAt } from '../kit/received-events.ts';
import { findingsRead, foldedFindings, listedFindings } from '../kit/told.ts';
import {
  archivedReports,
  expectedOpen,
  expectTrueBytes,
  expectTrueEvents,
  type Witness,
  witness,
} from '../kit/truth.ts';
import { SIGNING_SECRET } from '../kit/webhook-receiver.ts';

const ROUNDS = 6;
const STEPS = 60;
const WINDOW_MS = 4 * 3_600_000;

let clock: MovableClock;
let simulator: Simulator;
let receiver: HttpServer;
let muster: Deployment;
let cloud: Witness;

/** Four-hour windows in which users and keys come and go at random; one collection after each. */
beforeAll(async () => {
  clock = movableClock(Date.UTC(2026, 10, 19, 21));
  simulator = await startSimulator({ clock, buildMs: 0, accounts: [{}, {}, { extraColumn: true }] });
  receiver = await httpServer();
  const webhook = { name: 'siem', type: 'webhook', url: receiver.url, secret: '${env:HOOK}', inventory: 'every' };
  muster = await deployment({ simulator, sinks: [FILE_SINK, webhook], env: { HOOK: SIGNING_SECRET } });
  const random = seededRandom(20, 'truth');
  for (let round = 1; round <= ROUNDS; round += 1) {
    const { code, stderr } = await muster.run(['collect']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    if (round < ROUNDS) live(round, random);
  }
  cloud = await witness(simulator.url);
});

afterAll(async () => {
  await receiver.close();
  await simulator.close();
  await muster.remove();
});

function live(round: number, random: ReturnType<typeof seededRandom>): void {
  for (let index = 0; index < STEPS; index += 1) {
    // At least a second between two things, so that no two keys of a user share their creation second.
    clock.move(1_000 + random.below(WINDOW_MS / STEPS));
    if (index % 20 === 10) special(round + index);
    else step(simulator.world, random);
  }
  clock.move(WINDOW_MS);
}

/** What chance would not do: the root's keys, and people who are renamed, or leave and come back with the same name. */
function special(turn: number): void {
  const account = simulator.accounts[turn % 3]!.id;
  const { root, users } = simulator.world.accounts.get(account)!;
  const user = 'comes.and.goes';
  const act = (what: string, more = {}) => {
    clock.move(1_000);
    simulator.mutate({ account, user, do: what, ...more });
  };
  act(root.accessKeys.length > 0 ? 'delete_root_key' : 'create_root_key');
  if (!users.has(user)) act('create_user');
  else if (turn % 2 === 0) act('rename_user', { to: `${user}-${turn}` });
  else act('delete_user');
  if (!users.has(user)) act('create_user', { path: '/again/' });
  if (users.get(user)!.password === undefined) act('enable_console');
  if (users.get(user)!.accessKeys.length === 0) act('create_key', { status: 'Inactive' });
}

test('each archived report is, byte for byte, a report that the cloud served', async () => {
  const reports = await archivedReports(await muster.objects(), readObject);

  expect(reports).toHaveLength(ROUNDS * simulator.accounts.length);
  await expectTrueBytes(reports, cloud);
});

test('both sinks got what truly happened between the reports, and nothing else', async () => {
  const reports = await archivedReports(await muster.objects(), readObject);
  const events = await muster.events();

  expect(events.filter(({ kind }) => kind === 'change').length).toBeGreaterThan(100);
  expectTrueEvents(events, reports, cloud);
  expectTrueEvents(eventsAt(receiver), reports, cloud);
});

test('nothing was sent twice, and both sinks got the same', async () => {
  const ids = (await muster.events()).map(({ id }) => id);

  expect(new Set(ids).size).toBe(ids.length);
  expect(
    eventsAt(receiver)
      .map(({ id }) => id)
      .sort(),
  ).toEqual(ids.toSorted());
});

test('the findings that are listed, those that were sent and those that are true are the same', async () => {
  const { stdout } = await muster.run(['findings', '--json']);
  const reports = await archivedReports(await muster.objects(), readObject);

  const listed = listedFindings(stdout);
  expect(listed).toEqual(foldedFindings(await muster.events()));
  expect(findingsRead(listed)).toEqual(expectedOpen(reports, cloud));
  for (const check of ['root.key.exists', 'user.console.no_mfa', 'user.key.too_old'])
    expect(stdout).toContain(JSON.stringify(check));
});

test('what the archive means to `muster events` is what the sinks got', async () => {
  const { stdout } = await muster.run(['events']);

  const lines = stdout.trimEnd().split('\n');
  const sent = (await readFile(join(muster.folder, 'events.ndjson'), 'utf8')).trimEnd().split('\n');
  expect(lines.toSorted()).toEqual(sent.toSorted());
});

function readObject(key: string): Promise<Buffer> {
  return readFile(join(muster.folder, 'archive', key));
}
