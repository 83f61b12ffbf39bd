import { afterAll, beforeAll, expect, test } from 'vitest';
import { scaledClock } from '../../src/kit/clock.ts';
import type { MemberRoll } from '../../src/simulator/member-roll.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { type CollectingFolder, collectingFolder } from '../kit/collecting-folder.ts';

const MEMBERS = 60;
const DENIED = 3;
const clock = scaledClock(Date.UTC(2026, 10, 20, 9), 20);

let simulator: Simulator;
let folder: CollectingFolder;

beforeAll(async () => {
  const organization = { members: MEMBERS, emptyPages: true, pageSize: 25 };
  const cloud = { accounts: MEMBERS + 1, usersPerAccount: 2, organization };
  simulator = await startSimulator({
    clock,
    accounts: 4,
    usersPerAccount: 2,
    buildMs: 1,
    alibaba: cloud,
    tencent: cloud,
  });
  const { hub, alibaba, tencent } = simulator;
  const env = {
    AWS_ID: hub.accessKeyId,
    AWS_SECRET: hub.secretAccessKey,
    ALIBABA_ID: alibaba!.hub.accessKeyId,
    ALIBABA_SECRET: alibaba!.hub.accessKeySecret,
    TENCENT_ID: tencent!.hub.secretId,
    TENCENT_SECRET: tencent!.hub.secretKey,
  };
  folder = await collectingFolder(config(simulator.url), env, clock);
});

afterAll(async () => {
  await simulator.close();
  await folder.remove();
});

function config(endpoint: string): object {
  const shared = {
    name: 'main',
    role: 'muster-audit',
    external_id: 'muster-demo',
    endpoint,
    management_account: false,
    labels: { org: 'main' },
    labels_from_tags: ['bu'],
  };
  const auths = {
    aws: { access_key: { access_key_id: '${env:AWS_ID}', secret_access_key: '${env:AWS_SECRET}' } },
    alibaba: { access_key: { access_key_id: '${env:ALIBABA_ID}', access_key_secret: '${env:ALIBABA_SECRET}' } },
    tencent: { secret: { secret_id: '${env:TENCENT_ID}', secret_key: '${env:TENCENT_SECRET}' } },
  };
  return { organizations: Object.entries(auths).map(([provider, auth]) => ({ provider, auth, ...shared })) };
}

test('one organisation of each cloud is collected; members that are denied do not touch the others', async () => {
  const denied = [roles('alibaba'), roles('tencent')].flatMap((all) => all.slice(0, DENIED));
  for (const { trusts } of denied) trusts.length = 0;
  roll('alibaba').members.get(roles('alibaba')[DENIED]!.id)!.tags = { bu: 'retail', other: 'x' };
  roll('tencent').members.get(roles('tencent')[DENIED]!.id)!.tags = { bu: 'games' };

  const ran = await folder.collect();

  expect(ran.code).toBe(1);
  const { sources, organizations } = await folder.health();
  expect(organizations).toBeUndefined();
  expect(Object.keys(sources).toSorted()).toEqual(denied.map(({ source }) => source).toSorted());
  expect(Object.values(sources).every(({ fault }) => fault === 'denied')).toBe(true);
  const told = await folder.summaries();
  expect(countBy(told.map(({ account }) => account.provider ?? ''))).toEqual({
    aws: 4,
    alibaba: MEMBERS - DENIED,
    tencent: MEMBERS - DENIED,
  });
  expect(told.every(({ account }) => account.labels?.['org'] === 'main')).toBe(true);
  expect(
    told.flatMap(({ account: { provider, labels } }) => (labels?.['bu'] ? [`${provider} ${labels['bu']}`] : [])),
  ).toEqual(expect.arrayContaining(['alibaba retail', 'tencent games']));
});

test('a broken hub is one trouble of its organisation, and nobody else notices', async () => {
  const before = (await folder.health()).sources;

  const ran = await folder.collect({ ALIBABA_SECRET: 'not-the-secret' });

  expect(ran.code).toBe(1);
  const { organizations, sources } = await folder.health();
  expect(organizations).toEqual({
    'alibaba/main': expect.objectContaining({ state: 'failing', fault: 'denied' }),
  });
  expect(organizations?.['alibaba/main']?.message).toContain(`with ${MEMBERS + 1} members is used`);
  expect(Object.keys(sources)).toEqual(Object.keys(before));
  expect(ran.out + ran.err).not.toContain('not-the-secret');
});

test('a renamed member keeps its ids, one that left is said to have left, and a new one is collected', async () => {
  const [renamed, left, joined] = [roles('tencent')[10]!, roles('alibaba')[10]!, roles('alibaba')[MEMBERS]!];
  const before = (await folder.events()).filter(({ account }) => account.id === renamed.id);
  roll('tencent').members.get(renamed.id)!.name = 'renamed';
  roll('alibaba').members.delete(left.id);
  await simulatorSays({ account: joined.id, do: 'join' });
  simulator.tencent!.change({ account: renamed.id, do: 'create_user', user: 'newcomer' });
  await clock.sleepUntil(clock.now() + 1_000, new AbortController().signal);

  await folder.collect({}, [renamed.id, joined.id]);

  const { sources, organizations } = await folder.health();
  expect(organizations).toBeUndefined();
  expect(sources[left.source]).toMatchObject({ state: 'left' });
  const after = (await folder.events()).filter(({ account }) => account.id === renamed.id).slice(before.length);
  expect(new Set(after.map(({ account }) => account.name))).toEqual(new Set(['renamed']));
  const changed = after.filter(({ kind }) => kind === 'change' || kind === 'finding');
  expect(changed.length).toBeGreaterThan(0);
  expect(new Set(changed.map(({ identity }) => identity?.name))).toEqual(new Set(['newcomer']));
  expect((await folder.summaries()).filter(({ account }) => account.id === joined.id)).toHaveLength(1);
});

interface MemberRole {
  readonly id: string;
  readonly source: string;
  readonly trusts: string[];
}

function simulatorSays(change: object): Promise<Response> {
  return fetch(`${simulator.url}/_simulator/organization`, { method: 'POST', body: JSON.stringify(change) });
}

/** In the order in which they joined. */
function roles(cloud: 'alibaba' | 'tencent'): readonly MemberRole[] {
  const { accounts, world } = simulator[cloud]!;
  return accounts.map(({ id }) => ({
    id,
    source: `${cloud}/${id}/credential-report`,
    trusts: world.accounts.get(id)!.roles.get('muster-audit')!.trusts as string[],
  }));
}

function roll(cloud: 'alibaba' | 'tencent'): MemberRoll {
  return cloud === 'alibaba' ? simulator.alibaba!.world.directory : simulator.tencent!.world.organization;
}

function countBy(names: readonly string[]): Record<string, number> {
  return Object.fromEntries([...new Set(names)].map((name) => [name, names.filter((one) => one === name).length]));
}
