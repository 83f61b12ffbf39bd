import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Account } from '../../src/domain/account.ts';
import type { Parts, RawReport } from '../../src/domain/report.ts';
import { Secret } from '../../src/kit/secret.ts';
import { atOnce } from '../../src/kit/steps.ts';
import { aws } from '../../src/providers/aws/index.ts';
import type { Connection, Step } from '../../src/providers/provider.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { entryOf } from '../kit/aws-report.ts';
import { memoryAttempt } from '../kit/memory-attempt.ts';
import { type MovableClock, movableClock } from '../kit/movable-clock.ts';

const HOUR_MS = 3_600_000;

let clock: MovableClock;
let simulator: Simulator;
let connection: Connection;

beforeEach(async () => {
  clock = movableClock();
  simulator = await startSimulator({ clock, accounts: 1, usersPerAccount: 12, buildMs: 1_000 });
  const [account] = simulator.accounts;
  const { accessKeyId, secretAccessKey } = simulator.hub;
  const base = {
    access_key: { access_key_id: accessKeyId, secret_access_key: new Secret(secretAccessKey, '${env:KEY}') },
  };
  const settings = aws.settings.parse({
    endpoint: simulator.url,
    // Time stands still here, so calls need not be spread.
    max_rps: 100,
    auth: { assume_role: { role: account!.roleName, external_id: account!.externalId, base } },
  });
  const listed: Account = { provider: 'aws', id: account!.id, name: 'prod', labels: {}, reports: {}, settings };
  connection = await aws.connect(listed, { clock, observe: () => undefined });
});

afterEach(async () => {
  connection.close();
  await simulator.close();
});

test('a report is collected, read whole, and not made again inside its four hours', async () => {
  const first = await collected();

  const parsed = atOnce(aws.kinds['credential-report']!.parse(partsOf(first)));
  expect(parsed).toMatchObject({ defects: [], oddities: [], unknownColumns: [], missingColumns: [] });
  const keys = parsed.records.filter((record) => record.identity.kind === 'user').flatMap((user) => user.accessKeys);
  expect(keys.length).toBeGreaterThan(0);
  expect(keys.filter((key) => key.id === undefined)).toEqual([]);

  clock.move(2 * HOUR_MS);
  expect(await next(first, undefined)).toMatchObject({ do: 'unchanged', generatedAt: first.generatedAt });

  clock.move(2 * HOUR_MS + 60_000);
  const second = await collected(first);

  expect(second.generatedAt).toBeGreaterThan(first.generatedAt + 4 * HOUR_MS);
  expect(second.parts.map((part) => part.name)).toEqual(first.parts.map((part) => part.name));
});

test('the doctor finds nothing to complain of', async () => {
  const probed = await connection.probe(new AbortController().signal);

  expect(probed.map((one) => one.problem).filter((problem) => problem !== undefined)).toEqual([]);
});

/** Waits as the queue would, in the simulator's time. */
async function collected(head?: RawReport): Promise<RawReport> {
  let state: unknown;
  for (;;) {
    const step = await next(head, state);
    if (step.do === 'keep') return step.report;
    if (step.do === 'unchanged') throw new Error('expected a report');
    clock.move(step.until - clock.now());
    state = JSON.parse(JSON.stringify(step.state));
  }
}

async function next(head: RawReport | undefined, state: unknown): Promise<Step> {
  const look = connection.next('credential-report', {
    state,
    head: head && entryOf(head, 13),
    headParts: async () => partsOf(head),
    attempt: async () => memoryAttempt(clock.now()),
    everyMs: 4 * HOUR_MS,
    clock,
    signal: new AbortController().signal,
  });
  let isDone = false;
  const done = look.finally(() => {
    isDone = true;
  });
  while (!isDone) {
    if (clock.sleepers > 0) clock.move(10);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return done;
}

function partsOf(report: RawReport | undefined): Parts {
  return new Map(report?.parts.map((part) => [part.name, part.bytes]));
}
