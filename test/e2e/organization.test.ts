import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { collect } from '../../src/cli/commands/collect.ts';
import type { Io } from '../../src/cli/io.ts';
import { readConfig, withSession } from '../../src/cli/session.ts';
import type { Health } from '../../src/domain/health.ts';
import { HEALTH_PART } from '../../src/domain/health.ts';
import { scaledClock } from '../../src/kit/clock.ts';
import { knownAccounts } from '../../src/pipeline/accounts.ts';
import { healthSource } from '../../src/pipeline/health.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { eventsIn } from '../kit/deployment.ts';
import { temporaryFolder } from '../kit/folder.ts';

const MEMBERS = 300;
const DENIED = 5;
const RATE = 20;
const clock = scaledClock(Date.UTC(2026, 10, 20, 9), RATE);

let simulator: Simulator;
let folder: string;
let remove: () => Promise<void>;
let env: Record<string, string>;

beforeAll(async () => {
  simulator = await startSimulator({
    clock,
    accounts: MEMBERS,
    usersPerAccount: 2,
    buildMs: 1,
    organization: { form: 'state', emptyPages: true },
  });
  ({ path: folder, remove } = await temporaryFolder());
  env = { KEY_ID: simulator.hub.accessKeyId, SECRET: simulator.hub.secretAccessKey };
  const config = {
    archive: './archive',
    http: false,
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
  await writeFile(join(folder, 'muster.yaml'), stringify(config));
});

afterAll(async () => {
  await simulator.close();
  await remove();
});

test('members that are denied, that hang, or that share a name do not touch the others', async () => {
  const { organization } = simulator.world;
  const denied = simulator.accounts.slice(0, DENIED).map(({ id }) => id);
  const hanging = simulator.accounts[DENIED]!.id;
  for (const id of denied) trustsOf(id).length = 0;
  for (const { id } of simulator.accounts.slice(10, 13)) organization.members.get(id)!.name = 'same';
  simulator.faults.plant({ match: { account: hanging }, kind: 'hang' });

  const ran = await run();

  expect(ran.code).toBe(1);
  const troubles = (await health()).sources;
  expect(Object.keys(troubles).sort()).toEqual([...denied, hanging].map((id) => `aws/${id}/credential-report`).sort());
  expect(Object.values(troubles).filter(({ fault }) => fault === 'denied')).toHaveLength(DENIED);
  expect((await health()).organizations).toBeUndefined();
  expect(new Set((await summaries()).map(({ account }) => account.id)).size).toBe(MEMBERS - DENIED - 1);
  expect((await summaries()).filter(({ account }) => account.name === 'same')).toHaveLength(3);
});

test('a broken hub is one trouble and one line, and every member is still known', async () => {
  simulator.faults.clear();
  const before = (await health()).sources;
  const asked = simulator.calls.list(0).length;

  const ran = await run({ SECRET: 'not-the-secret' });

  expect(ran.code).toBe(1);
  const { organizations, sources } = await health();
  expect(organizations).toEqual({
    'aws/main': expect.objectContaining({ state: 'failing', fault: 'denied' }),
  });
  expect(organizations?.['aws/main']?.message).toContain(`with ${MEMBERS + 1} members is used`);
  expect(Object.keys(sources)).toEqual(Object.keys(before));
  expect(ran.out.split('\n').filter((line) => line.includes('organization main'))).toHaveLength(1);
  expect(ran.out + ran.err).not.toContain('not-the-secret');
  expect((await told('health.organization.failing')).length).toBe(1);
  expect(await accountsKnown()).toBe(MEMBERS);
  expect(simulator.calls.list(0).length).toBeGreaterThan(asked);
});

test('a member that left is said to have left and keeps its history; one that is mended comes with its new name', async () => {
  const left = simulator.accounts[20]?.id;
  const renamed = simulator.accounts[0]?.id;
  const [trusts, others] = [0, 30].map((index) => trustsOf(simulator.accounts[index]!.id));
  trusts!.push(...others!);
  simulator.world.organization.members.delete(left!);
  simulator.world.organization.members.get(renamed!)!.name = 'renamed';

  await run({}, [renamed!]);

  const { sources, organizations } = await health();
  expect(organizations).toBeUndefined();
  expect(sources[`aws/${left}/credential-report`]).toMatchObject({ state: 'left' });
  expect((await summaries()).filter(({ account }) => account.id === left)).toHaveLength(1);
  const own = (await summaries()).filter(({ account }) => account.id === renamed);
  expect(own.at(-1)?.account).toMatchObject({ name: 'renamed', cloud_name: 'renamed' });
  expect(own).toHaveLength(1);
});

/** Whom the role of an account trusts. */
function trustsOf(id: string): string[] {
  return simulator.world.accounts.get(id)!.roles.get('muster-audit')!.trusts as string[];
}

async function run(more: Record<string, string> = {}, args: readonly string[] = []) {
  const said = { out: '', err: '' };
  const code = await collect.run([...args, '--now'], io(said, more));
  return { code, ...said };
}

function io(said: { out: string; err: string }, more: Record<string, string> = {}): Io {
  return {
    out: async (text) => void (said.out += text),
    bytes: async () => undefined,
    err: (text) => void (said.err += text),
    progress: () => undefined,
    env: { ...env, ...more },
    cwd: folder,
    clock,
    signal: new AbortController().signal,
  };
}

async function health(): Promise<Health> {
  const quiet = io({ out: '', err: '' });
  return withSession(quiet, undefined, async ({ archive }) => {
    const { deployment } = await readConfig(quiet, undefined);
    const head = await archive.head(healthSource(deployment));
    const bytes = head && (await archive.parts(head, [HEALTH_PART])).get(HEALTH_PART);
    return JSON.parse(new TextDecoder().decode(bytes)) as Health;
  });
}

function accountsKnown(): Promise<number> {
  return withSession(io({ out: '', err: '' }), undefined, async ({ stage }) => (await knownAccounts(stage)).length);
}

async function summaries() {
  return (await told('summary.report')).filter(({ account }) => account.id !== 'default');
}

async function told(type: string) {
  return (await eventsIn(join(folder, 'events.ndjson'))).filter((event) => event.type === type);
}
