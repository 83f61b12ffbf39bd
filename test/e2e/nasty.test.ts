import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { permit, plant, serve, trueCsv } from '../kit/clouds.ts';
import { type Deployment, deployment, FILE_SINK } from '../kit/deployment.ts';
import { type MovableClock, movableClock } from '../kit/movable-clock.ts';
import { BROKEN, NAMES, WHOLE } from '../kit/nasty-reports.ts';

const HOUR = 3_600_000;

const STUMBLES = ['throttle', 'error500', 'reset', 'lost_answer', 'truncated', 'garbage', 'html'];

let clock: MovableClock;
let simulator: Simulator;
let muster: Deployment;
const ids = new Map<string, string>();

interface Result {
  readonly name: string;
  readonly text: string;
  readonly failed: boolean;
  readonly number?: number;
}

beforeAll(async () => {
  clock = movableClock();
  const names = [...Object.keys(WHOLE), ...Object.keys(BROKEN), 'names', 'extra', 'clean-up', 'clean-up-blind'];
  simulator = await startSimulator({
    clock,
    buildMs: 0,
    usersPerAccount: 2,
    accounts: names.map((name) => ({ name })),
  });
  for (const { id, name } of simulator.accounts) ids.set(name, id);
  for (const { id } of simulator.accounts) simulator.mutate({ account: id, do: 'create_user', user: 'alice' });
  for (const name of ['clean-up', 'clean-up-blind'])
    for (let index = 0; index < 60; index += 1)
      simulator.mutate({ account: ids.get(name)!, do: 'create_user', user: `temp-${index}` });
  await permit(simulator, ids.get('clean-up-blind')!, ['iam:Generate*', 'iam:GetCredentialReport', 'iam:List*']);
  clock.move(HOUR);
  muster = await deployment({ simulator, sinks: [FILE_SINK] });
  expect(await muster.run(['collect'])).toMatchObject({ code: 0 });
});

afterAll(async () => {
  await simulator.close();
  await muster.remove();
});

async function collect(): Promise<{ readonly code: number | null; readonly by: ReadonlyMap<string, Result> }> {
  clock.move(4 * HOUR + 121_000);
  const { code, stdout } = await muster.run(['collect', '--json']);
  const results = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Result);
  return { code, by: new Map(results.map((result) => [result.name, result])) };
}

describe('the second report of each account', () => {
  let collected: Awaited<ReturnType<typeof collect>>;

  beforeAll(async () => {
    for (const [name, change] of Object.entries(WHOLE))
      await serve(simulator, ids.get(name)!, change(trueCsv(simulator, ids.get(name)!)));
    for (const [name, [change]] of Object.entries(BROKEN))
      await serve(simulator, ids.get(name)!, change(trueCsv(simulator, ids.get(name)!)));
    for (const user of NAMES) {
      simulator.mutate({ account: ids.get('names')!, do: 'create_user', user });
      simulator.mutate({ account: ids.get('names')!, do: 'create_key', user });
    }
    simulator.mutate({ account: ids.get('extra')!, do: 'set_report_form', extra_column: true });
    for (const name of ['clean-up', 'clean-up-blind'])
      for (let index = 0; index < 50; index += 1)
        simulator.mutate({ account: ids.get(name)!, do: 'delete_user', user: `temp-${index}` });
    collected = await collect();
  });

  test.each(Object.keys(WHOLE))('%s: archived', (name) => {
    expect(collected.by.get(name)).toMatchObject({ failed: false, number: 2 });
  });

  test.each(Object.entries(BROKEN).map(([name, [, reason]]) => [name, reason] as const))(
    '%s: in quarantine, and the reason is said',
    (name, reason) => {
      expect(collected.by.get(name)).toMatchObject({
        failed: true,
        text: expect.stringMatching(/^report \S+ is in quarantine: /),
      });
      expect(collected.by.get(name)?.text).toMatch(reason);
    },
  );

  test('names that break careless readers are archived, and told as they are', async () => {
    expect(collected.by.get('names')).toMatchObject({ failed: false, number: 2 });

    const events = (await muster.events()).filter(({ account }) => account.name === 'names');
    for (const type of ['user.created', 'access_key.created']) {
      const told = events.filter((event) => event.type === type).map(({ identity }) => identity?.name);
      expect(new Set(told)).toEqual(new Set(NAMES));
    }
  });

  test('the 23rd column is archived', () => {
    expect(collected.by.get('extra')).toMatchObject({ failed: false, number: 2 });
  });

  test('a real clean-up of most users gets through when AWS itself counts as few', async () => {
    expect(collected.by.get('clean-up')).toMatchObject({ failed: false, number: 2 });
    const events = (await muster.events()).filter(({ account }) => account.name === 'clean-up');
    expect(events.filter(({ type }) => type === 'user.deleted')).toHaveLength(50);
  });

  test('where AWS may not be asked for its count, it waits for the next report to say the same', async () => {
    expect(collected.by.get('clean-up-blind')).toMatchObject({
      failed: true,
      text: expect.stringContaining('rows collapsed from 64 to 14'),
    });
  });

  test('a run with a quarantined report exits 1, and so does the status', async () => {
    expect(collected.code).toBe(1);
    const { code, stdout } = await muster.run(['status', '--json']);
    const { sources } = JSON.parse(stdout) as {
      sources: { account: string; state: string; head: { number: number } }[];
    };

    expect(code).toBe(1);
    const quarantined = sources.filter(({ state }) => state === 'quarantined').map(({ account }) => account);
    expect(quarantined.sort()).toEqual([...Object.keys(BROKEN), 'clean-up-blind'].sort());
    expect(sources.filter(({ account }) => account in BROKEN).map(({ head }) => head.number)).toEqual(
      Object.keys(BROKEN).map(() => 1),
    );
  });

  test('health events say which accounts are in quarantine', async () => {
    const told = (await muster.events()).filter(({ type }) => type === 'health.source.quarantined');

    expect(told.map(({ account }) => account.id).sort()).toEqual(
      [...Object.keys(BROKEN), 'clean-up-blind'].map((name) => ids.get(name)!).sort(),
    );
  });
});

describe('decisions', () => {
  let all: readonly { readonly id: string; readonly source: string; readonly decision?: string }[];

  beforeAll(list);

  async function list(): Promise<void> {
    const { stdout } = await muster.run(['reports', 'list', '--quarantined', '--json']);
    all = JSON.parse(stdout) as typeof all;
  }

  function waiting(name: string): string {
    return all.find(({ source, decision }) => source.includes(ids.get(name)!) && decision === undefined)?.id ?? 'none';
  }

  test('an accepted report joins the chain as it is', async () => {
    const id = waiting('last-cell-cut');

    const { code, stdout } = await muster.run(['reports', 'accept', id]);

    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('report 2 archived') });
  });

  test('a rejected report stays where it is', async () => {
    const id = waiting('html');

    expect(await muster.run(['reports', 'reject', id])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('rejected'),
    });
    await list();
    expect([waiting('last-cell-cut'), waiting('html')]).toEqual(['none', 'none']);
  });

  test('a decision about nothing is wrong use, and names what waits', async () => {
    const { code, stderr } = await muster.run(['reports', 'accept', 'nonsense']);

    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(waiting('empty')) });
  });

  test('the next good report of every account is archived, even if the cloud stumbles, and the clean-up is believed', async () => {
    for (const [index, kind] of STUMBLES.entries()) {
      const account = ids.get(Object.keys(BROKEN)[index]!);
      await plant(simulator, { match: { action: 'GenerateCredentialReport', account }, kind, count: 1 });
    }

    const { code, by } = await collect();

    expect([...by.values()].filter(({ failed }) => failed)).toEqual([]);
    expect(code).toBe(0);
    expect(simulator.calls.list().filter(({ fault }) => fault !== undefined)).toHaveLength(STUMBLES.length);
    expect(by.get('clean-up-blind')).toMatchObject({ number: 2 });
    expect(by.get('last-cell-cut')).toMatchObject({ number: 3 });
    expect(await muster.run(['status'])).toMatchObject({ code: 0 });
    const deleted = (await muster.events()).filter(({ type }) => type === 'user.deleted');
    expect(deleted.filter(({ account }) => account.name === 'clean-up-blind')).toHaveLength(50);
    expect(deleted.filter(({ account }) => account.name in BROKEN)).toEqual([]);
  });

  test('the archive with all of this in it is whole', async () => {
    expect(await muster.run(['reports', 'verify'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^whole: /),
    });
  });
});
