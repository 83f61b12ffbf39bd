import { expect, onTestFinished, test } from 'vitest';
import { movableClock } from '../../test/kit/movable-clock.ts';
import { sha256 } from '../kit/hash.ts';
import { fetchReport, generateReport } from './aws/report-machine.ts';
import type { SimulatorDescription } from './describe.ts';
import type { HistoryEntry } from './history.ts';
import { startSimulator } from './simulator.ts';

async function started() {
  const clock = movableClock();
  const simulator = await startSimulator({ clock });
  onTestFinished(() => simulator.close());
  const ask = (method: string, path: string, body?: unknown) =>
    fetch(`${simulator.url}/_simulator/${path}`, {
      method,
      redirect: 'error',
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const json = async <T>(method: string, path: string, body?: unknown) =>
    (await (await ask(method, path, body)).json()) as T; // the test knows the shape
  return { simulator, clock, ask, json, account: simulator.accounts[0]!.id };
}

test('the clock is told, advanced and set', async () => {
  const { ask, clock } = await started();

  await ask('POST', 'clock', { advance_ms: 90_000 });
  clock.move(1_000);
  const advanced = await (await ask('GET', 'clock')).json();
  const set = await (await ask('POST', 'clock', { now: '2027-01-01T00:00:00Z' })).json();

  expect(advanced).toEqual({ now: '2026-11-20T09:01:31Z', offset_ms: 90_000 });
  expect(set).toMatchObject({ now: '2027-01-01T00:00:00Z' });
});

test('identities are changed one by one or many at once, and the history tells it', async () => {
  const { json, account, simulator } = await started();
  const before = simulator.history.seq;

  const one = await json<{ user_id: string }>('POST', 'identities', { account, do: 'create_user', user: 'eve' });
  const many = await json<object[]>('POST', 'identities', [
    { account, do: 'create_key', user: 'eve' },
    { account, do: 'rotate_key', user: 'eve' },
    { account, do: 'rename_user', user: 'eve', to: 'eva' },
    { account, do: 'delete_user', user: 'eva' },
  ]);
  const history = await json<HistoryEntry[]>('GET', `history?account=${account}&since=${before}`);

  expect(one).toEqual({ user_id: expect.stringMatching(/^AIDA/) });
  expect(many[0]).toMatchObject({ key_id: expect.stringMatching(/^AKIA/), secret_access_key: expect.any(String) });
  expect(history.map((entry) => entry.action)).toEqual(
    'user.created key.created key.created key.deleted user.renamed key.deleted user.deleted'.split(' '),
  );
  expect(history[0]).toMatchObject({ at: '2026-11-20T09:00:00Z', account, user: 'eve', user_id: one.user_id });
});

test('what was done in any cloud is noted, and told as it truly was', async () => {
  const simulator = await startSimulator({ clock: movableClock(), alibaba: {}, tencent: {} });
  onTestFinished(() => simulator.close());
  const ask = async <T>(path: string, body?: object): Promise<T> => {
    const request = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    const answer = await fetch(`${simulator.url}/_simulator/${path}`, { redirect: 'error', ...request });
    return (await answer.json()) as T; // the test knows the shape
  };
  const clouds = [simulator, simulator.alibaba!, simulator.tencent!];
  const accounts = clouds.map(({ accounts: [first] }) => first!.id);
  await ask(
    'identities',
    accounts.map((account) => ({ account, do: 'create_user', user: 'eve' })),
  );

  const ids = await ask<string[]>(
    'activity',
    accounts.map((account) => ({ account, user: 'eve', service: 'ecs', event: 'RunInstances' })),
  );
  const told: object[][] = [];
  for (const account of accounts) told.push(await ask(`activity?account=${account}`));

  expect(new Set(ids).size).toBe(3);
  expect(told.map((events) => events.at(-1))).toMatchObject(
    ids.map((id) => ({ id, service: 'ecs', event: 'RunInstances', at: '2026-11-20T09:00:00Z' })),
  );
});

test.each([
  [{ do: 'create_user' }, 'account'],
  [{ account: '1', do: 'create_user', user: 'x' }, 'there is no account 1'],
  [{ do: 'typo', account: 'first', user: 'x' }, 'create_user'],
  [{ do: 'delete_key', account: 'first', user: 'nobody' }, 'no such user'],
])('a mutation that cannot be is refused: %j', async (mutation, why) => {
  const { ask, account } = await started();
  const body = 'account' in mutation && mutation.account === 'first' ? { ...mutation, account } : mutation;

  const answer = await ask('POST', 'identities', body);

  expect(answer.status).toBe(400);
  expect(await answer.json()).toEqual({ error: expect.stringContaining(why) });
});

test('reports that were served are listed with their digest, and their bytes can be had', async () => {
  const { ask, json, account, simulator, clock } = await started();
  const model = simulator.world.accounts.get(account)!;
  generateReport(simulator.world, model);
  clock.move(3_000);
  const before = await (await ask('GET', 'reports')).json();
  const { bytes } = fetchReport(simulator.world, model);

  const [listed] = await json<{ sha256: string }[]>('GET', `reports?account=${account}`);
  const served = Buffer.from(await (await ask('GET', `reports/${listed!.sha256}`)).arrayBuffer());

  expect(before).toEqual([]);
  expect(listed).toEqual({
    account,
    generated_at: '2026-11-20T09:00:02Z',
    sha256: sha256(bytes),
    bytes: bytes.length,
    rows: 13,
    history_seq: simulator.history.seq,
    injected: false,
    served: 1,
  });
  expect(served.equals(bytes)).toBe(true);
});

test('calls come as lines where lines are asked for', async () => {
  const { ask, simulator } = await started();
  for (const action of ['A', 'B']) await fetch(simulator.url, { method: 'POST', body: `Action=${action}` });

  const lines = (await (await ask('GET', 'calls?format=ndjson')).text()).trim().split('\n');
  const since = await (await ask('GET', 'calls?since=1')).json();

  expect(lines.map((line) => JSON.parse(line).action)).toEqual(['A', 'B']);
  expect(since).toMatchObject([{ seq: 2, action: 'B', answer: { status: 403, code: 'MissingAuthenticationToken' } }]);
});

test('the description holds all that a config needs', async () => {
  const { json, simulator } = await started();

  const described = await json<SimulatorDescription>('GET', '');

  expect(described).toMatchObject({
    endpoints: { iam: simulator.url, sts: simulator.url },
    control: `${simulator.url}/_simulator`,
    credentials: { access_key_id: simulator.hub.accessKeyId },
    region: 'us-east-1',
  });
  expect(described.accounts).toHaveLength(3);
  expect(described.accounts[0]).toMatchObject({
    provider: 'aws',
    account_id: simulator.accounts[0]!.id,
    name: 'prod',
    role: 'muster-audit',
    external_id: 'muster-demo',
  });
});

test('an unknown path and broken JSON are refused', async () => {
  const { ask, simulator } = await started();

  const unknown = await ask('GET', 'typo');
  const broken = await fetch(`${simulator.url}/_simulator/clock`, { method: 'POST', body: '{' });

  expect([unknown.status, broken.status]).toEqual([404, 400]);
});
