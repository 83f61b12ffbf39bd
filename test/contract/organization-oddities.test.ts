import { expect, test } from 'vitest';
import type { Account } from '../../src/domain/account.ts';
import { alibaba } from '../../src/providers/alibaba/index.ts';
import { HUB_PERMISSIONS as ofDirectory } from '../../src/providers/alibaba/organization-permissions.ts';
import { HUB_PERMISSIONS as ofOrganization } from '../../src/providers/tencent/organization-permissions.ts';
import { ORGANIZED, organizationBench } from '../kit/organized-cloud.ts';
import { hubKeys, simulatedAlibabaBench } from '../kit/simulated-alibaba.ts';

const signal = new AbortController().signal;
const [resourceDirectory, tencentOrganization] = ORGANIZED;

test.each([
  ['CreateSuccess', 'active'],
  ['InviteSuccess', 'active'],
  ['PromoteVerifying', 'active'],
  ['PromoteFailed', 'active'],
  ['CreateVerifying', 'pending'],
  ['Deleting', 'closing'],
  ['NeverHeardOf', 'active'],
])('a member of a resource directory that is %s is %s', async (state, expected) => {
  const bench = await organizationBench(resourceDirectory!, { accounts: 1 });
  bench.roll.members.get(bench.accounts[0]!.id)!.state = state;

  expect((await bench.list()).find(({ isManagement }) => !isManagement)?.state).toBe(expected);
});

test('a member of a Tencent organisation that has confirmed nothing yet is tried all the same', async () => {
  const bench = await organizationBench(tencentOrganization!, { accounts: 1 });
  bench.roll.members.get(bench.accounts[0]!.id)!.state = 'UnConfirmed';

  expect((await bench.list()).every(({ state }) => state === 'active')).toBe(true);
});

test('Resource Manager may cut pages smaller than it was asked to', async () => {
  const bench = await organizationBench(resourceDirectory!, { accounts: 65, organization: { pageSize: 30 } });

  expect(await bench.list()).toHaveLength(66);
  expect(bench.calls('ListAccounts')).toBe(3);
});

test('the administrator of a trusted service names it, and is denied without', async () => {
  const bench = await organizationBench(tencentOrganization!, { accounts: 2 });
  const [hub] = bench.accounts;
  bench.roll.delegated.add(hub!.id);
  bench.simulator.tencent!.world.accounts.get(hub!.id)!.roles.get('muster-audit')!.allow = '*';
  const base = tencentOrganization!.key(bench.simulator);
  const auth = { assume_role: { role: hub!.roleArn, external_id: 'muster-demo', base } };

  await expect(bench.list({ settings: bench.settings({ auth }) })).rejects.toMatchObject({ kind: 'denied' });
  expect(await bench.list({ settings: bench.settings({ auth, trusted_service: 'cam' }) })).toHaveLength(3);
});

test('a role on the way to another may take it, although its session is cut down', async () => {
  const { simulator, cloud, clock } = await simulatedAlibabaBench({ accounts: 2, usersPerAccount: 1 });
  const [way, end] = cloud.accounts;
  const { accounts } = cloud.world;
  accounts.get(way!.id)!.roles.get('muster-audit')!.allow = '*';
  Object.assign(accounts.get(end!.id)!.roles.get('muster-audit')!, { trusts: [`acs:ram::${way!.id}:root`] });
  const role = { role: way!.roleArn, external_id: 'muster-demo', base: hubKeys(cloud) };
  const auth = { assume_role: { role: 'muster-audit', external_id: 'muster-demo', base: { assume_role: role } } };
  const settings = alibaba.settings.parse({ endpoint: simulator.url, auth });
  const account: Account = { provider: 'alibaba', id: end!.id, name: 'end', labels: {}, reports: {}, settings };

  const connection = await alibaba.connect(account, { clock, observe: () => undefined });

  expect(await connection.identify(signal)).toMatchObject({ accountId: end!.id });
});

test.each([
  ['alibaba', resourceDirectory!, ofDirectory],
  ['tencent', tencentOrganization!, ofOrganization],
] as const)(
  'what the hub of %s is said to need is what it calls: each lack degrades as documented',
  async (_, cloud, needs) => {
    const bench = await organizationBench(cloud, { accounts: 2 });
    const { url } = bench.simulator;
    const allow = (allowed: readonly string[]) =>
      fetch(`${url}/_simulator/permissions`, {
        method: 'POST',
        redirect: 'error',
        body: JSON.stringify({ account: bench.roll.managementId, principal: 'muster-hub', allow: allowed }),
      });
    const [list, describe] = needs;

    await allow([list, describe, 'sts:AssumeRole']);
    expect(await bench.list()).toHaveLength(3);
    expect(await (await bench.member(bench.accounts[0]!.id)).identify(signal)).toBeDefined();

    await allow([list]);
    expect(await bench.list()).toHaveLength(2);
    expect(bench.happenings).toEqual([expect.objectContaining({ kind: 'degraded' })]);
    await expect((await bench.member(bench.accounts[0]!.id)).identify(signal)).rejects.toMatchObject({
      kind: 'denied',
    });

    await allow([describe]);
    await expect(bench.list()).rejects.toMatchObject({ kind: 'denied', message: expect.stringContaining(list) });
  },
);
