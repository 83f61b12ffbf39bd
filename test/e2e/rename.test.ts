import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { type Deployment, deployment } from '../kit/deployment.ts';
import { type MovableClock, movableClock } from '../kit/movable-clock.ts';
import type { ReceivedEvent } from '../kit/received-events.ts';

const HOUR = 3_600_000;
let clock: MovableClock;
let simulator: Simulator;
let muster: Deployment;
let renamed: string;

beforeAll(async () => {
  clock = movableClock();
  simulator = await startSimulator({ clock, accounts: 2, usersPerAccount: 8, buildMs: 0, organization: {} });
  const base = { access_key: { access_key_id: '${env:SIM_KEY_ID}', secret_access_key: '${env:SIM_SECRET}' } };
  const { roleName: role, externalId: external_id, id } = simulator.accounts[0]!;
  renamed = id;
  const entry = { provider: 'aws', name: 'main', auth: base, role, external_id, endpoint: simulator.url };
  muster = await deployment({
    simulator,
    yaml: { accounts: [], organizations: [{ ...entry, management_account: false, max_rps: 100 }] },
  });
});

afterAll(async () => {
  await simulator.close();
  await muster.remove();
});

test('a renamed account has its new name on everything, the same ids, and no event of its own', async () => {
  const first = await collected();
  const open = await findings();
  expect(open.length).toBeGreaterThan(0);
  expect(first.some(({ kind }) => kind === 'finding')).toBe(true);
  const before = nameIn(first);

  simulator.world.organization.members.get(renamed)!.name = 'Payments (EU)';
  clock.move(4 * HOUR + 180_000);
  const second = await collected();

  expect(before).not.toBe('Payments (EU)');
  expect(nameIn(second)).toBe('Payments (EU)');
  expect(second.map(({ kind }) => kind).filter((kind) => kind === 'change' || kind === 'finding')).toEqual([]);
  expect(second.length).toBeGreaterThan(0);
  expect(await findings()).toEqual(open);
});

test('what was sent before is told again with the name of then, and the same ids', async () => {
  const sent = (await muster.events()).filter(({ report }) => report.source.includes(renamed));
  const { stdout } = await muster.run(['events', '--source', renamed]);
  const told = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as ReceivedEvent);

  const inShort = ({ id, account }: ReceivedEvent) => `${id} ${account.name}`;
  expect(new Set(told.map(inShort))).toEqual(new Set(sent.map(inShort)));
});

test('the command line knows it by its new name, and the state of the next day has it', async () => {
  clock.move(24 * HOUR);
  await collected();

  const states = (await muster.events()).filter(
    ({ type, account }) => type === 'account.status' && account.id === renamed,
  );
  expect(states.map(({ account }) => account.name)).toEqual([expect.not.stringContaining('Payments'), 'Payments (EU)']);
  expect(await muster.run(['collect', 'Payments (EU)'])).toMatchObject({ code: 0 });
});

/** What one run told of the account. */
async function collected(): Promise<readonly ReceivedEvent[]> {
  const since = (await muster.events()).length;
  expect(await muster.run(['collect'])).toMatchObject({ code: 0 });
  return (await muster.events()).slice(since).filter(({ report }) => report.source.includes(renamed));
}

function nameIn(events: readonly ReceivedEvent[]): string {
  const names = new Set(events.map(({ account }) => account.name));
  expect(names.size).toBe(1);
  return [...names][0]!;
}

async function findings(): Promise<readonly unknown[]> {
  const { stdout } = await muster.run(['findings', '--json']);
  return (JSON.parse(stdout) as { finding_id: string; source: string }[])
    .filter(({ source }) => source.includes(renamed))
    .map(({ finding_id: id }) => id);
}
