import { afterAll, beforeAll, expect, test } from 'vitest';
import { scaledClock } from '../../src/kit/clock.ts';
import { knownAccounts } from '../../src/pipeline/accounts.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { type CollectingFolder, collectingFolder } from '../kit/collecting-folder.ts';

const MEMBERS = 300;
const DENIED = 5;
const RATE = 20;
const clock = scaledClock(Date.UTC(2026, 10, 20, 9), RATE);

let simulator: Simulator;
let folder: CollectingFolder;

beforeAll(async () => {
  simulator = await startSimulator({
    clock,
    accounts: MEMBERS,
    usersPerAccount: 2,
    buildMs: 1,
    organization: { form: 'state', emptyPages: true },
  });
  const env = { KEY_ID: simulator.hub.accessKeyId, SECRET: simulator.hub.secretAccessKey };
  const config = {
    organizations: [
      {
        provider: 'aws',
        name: 'main',
        auth: { access_key: { access_key_id: '${env:KEY_ID}', secret_access_key: '${env:SECRET}' } },
        role: 'muster-audit',
        external_id: 'muster-demo',
        endpoint: simulator.url,
        management_account: false,
        key_ids: false,
        timeout: '2s',
        reports: { 'credential-report': { every: '4h' } },
      },
    ],
    sinks: [{ name: 'all', type: 'file', path: './events.ndjson', rotate_daily: false, events: ['health', 'summary'] }],
  };
  folder = await collectingFolder(config, env, clock);
});

afterAll(async () => {
  await simulator.close();
  await folder.remove();
});

test('members that are denied, that hang, or that share a name do not touch the others', async () => {
  const { organization } = simulator.world;
  const denied = simulator.accounts.slice(0, DENIED).map(({ id }) => id);
  const hanging = simulator.accounts[DENIED]!.id;
  for (const id of denied) trustsOf(id).length = 0;
  for (const { id } of simulator.accounts.slice(10, 13)) organization.members.get(id)!.name = 'same';
  simulator.faults.plant({ match: { account: hanging }, kind: 'hang' });

  const ran = await folder.collect();

  expect(ran.code).toBe(1);
  const troubles = (await folder.health()).sources;
  expect(Object.keys(troubles).sort()).toEqual([...denied, hanging].map((id) => `aws/${id}/credential-report`).sort());
  expect(Object.values(troubles).filter(({ fault }) => fault === 'denied')).toHaveLength(DENIED);
  expect((await folder.health()).organizations).toBeUndefined();
  expect(new Set((await folder.summaries()).map(({ account }) => account.id)).size).toBe(MEMBERS - DENIED - 1);
  expect((await folder.summaries()).filter(({ account }) => account.name === 'same')).toHaveLength(3);
});

test('a broken hub is one trouble and one line, and every member is still known', async () => {
  simulator.faults.clear();
  const before = (await folder.health()).sources;
  const asked = simulator.calls.list(0).length;

  const ran = await folder.collect({ SECRET: 'not-the-secret' });

  expect(ran.code).toBe(1);
  const { organizations, sources } = await folder.health();
  expect(organizations).toEqual({
    'aws/main': expect.objectContaining({ state: 'failing', fault: 'denied' }),
  });
  expect(organizations?.['aws/main']?.message).toContain(`with ${MEMBERS + 1} members is used`);
  expect(Object.keys(sources)).toEqual(Object.keys(before));
  expect(ran.out.split('\n').filter((line) => line.includes('organization main'))).toHaveLength(1);
  expect(ran.out + ran.err).not.toContain('not-the-secret');
  expect((await folder.events()).filter(({ type }) => type === 'health.organization.failing')).toHaveLength(1);
  expect(await folder.look(({ stage }) => knownAccounts(stage))).toHaveLength(MEMBERS);
  expect(simulator.calls.list(0).length).toBeGreaterThan(asked);
});

test('a member that left is said to have left and keeps its history; one that is mended comes with its new name', async () => {
  const left = simulator.accounts[20]?.id;
  const renamed = simulator.accounts[0]?.id;
  const [trusts, others] = [0, 30].map((index) => trustsOf(simulator.accounts[index]!.id));
  trusts!.push(...others!);
  simulator.world.organization.members.delete(left!);
  simulator.world.organization.members.get(renamed!)!.name = 'renamed';

  await folder.collect({}, [renamed!]);

  const { sources, organizations } = await folder.health();
  expect(organizations).toBeUndefined();
  expect(sources[`aws/${left}/credential-report`]).toMatchObject({ state: 'left' });
  expect((await folder.summaries()).filter(({ account }) => account.id === left)).toHaveLength(1);
  const own = (await folder.summaries()).filter(({ account }) => account.id === renamed);
  expect(own.at(-1)?.account).toMatchObject({ name: 'renamed', cloud_name: 'renamed' });
  expect(own).toHaveLength(1);
});

/** Whom the role of an account trusts. */
function trustsOf(id: string): string[] {
  return simulator.world.accounts.get(id)!.roles.get('muster-audit')!.trusts as string[];
}
