import { expect, test } from 'vitest';
import { organization } from '../kit/organization.ts';
import { ORGANIZED, type OrganizedCloud, organizationBench } from '../kit/organized-cloud.ts';
import { actionsIn, emitted, enforced, noteOf, without } from '../kit/policies.ts';
import { HOUR } from '../kit/stage.ts';

const signal = new AbortController().signal;
const REPORTS = { 'credential-report': { everyMs: 4 * HOUR } };

test.each(ORGANIZED)(
  'the emitted policies of an organisation are enough to list it and to enter a member: $provider.name',
  async (cloud) => {
    const bench = await policyBench(cloud, (document) => document);

    expect(await bench.list()).toHaveLength(3);
    expect(await bench.entered()).toMatchObject({ accountId: bench.memberId });
    expect(bench.happenings).toEqual([]);
  },
);

test.each(
  ORGANIZED.flatMap((cloud) => actionsOf(cloud).map((action) => ({ name: cloud.provider.name, action, cloud }))),
)('$name: without $action the hub loses what is documented', async ({ cloud, action }) => {
  const bench = await policyBench(cloud, (document) => without(document, action));
  const { without: loss } = noteOf(cloud.provider, action, 'hub');
  const plain = action.replace(/^name\//, '');
  const isTaking = plain === 'sts:AssumeRole';

  const outcome = isTaking ? bench.entered() : bench.list();

  if (loss.shows === 'fault') {
    await expect(outcome).rejects.toMatchObject({ kind: 'denied', message: expect.stringContaining(plain) });
  } else {
    expect(await outcome).toHaveLength(2);
    expect(bench.happenings).toEqual([
      expect.objectContaining({ kind: 'degraded', what: expect.stringContaining(plain) }),
    ]);
  }
});

function actionsOf(cloud: OrganizedCloud): readonly string[] {
  const settings = cloud.provider.organization?.settings.parse({ role: 'muster-audit', external_id: 'x1' });
  return actionsIn(documents(cloud, settings, 'hub').get('hub-policy'));
}

function documents({ provider }: OrganizedCloud, settings: unknown, hub: string) {
  return emitted(provider, {
    organizations: [organization({ provider: provider.name, settings, reports: REPORTS })],
    hub,
  });
}

/** An organisation of two members, whose hub and roles have what is emitted. */
async function policyBench(cloud: OrganizedCloud, change: (document: unknown) => unknown) {
  const bench = await organizationBench(cloud, { accounts: 2 });
  const { alibaba, tencent } = bench.simulator;
  const user = alibaba?.world.keyOwners.get(alibaba.hub.accessKeyId)?.identity;
  const tencentUser = tencent?.world.keyOwners.get(tencent.hub.secretId)?.user;
  const hub =
    user === undefined
      ? `qcs::cam::uin/${bench.roll.managementId}:uin/${tencentUser?.uin}`
      : `acs:ram::${bench.roll.managementId}:user/${user.name}`;
  const given = documents(cloud, bench.settings(), hub);
  const hubPolicy = enforced(change(given.get('hub-policy')));
  for (const owner of [user, tencentUser]) if (owner !== undefined) owner.allow = hubPolicy;
  const memberId = bench.accounts[0]!.id;
  const role = (alibaba ?? tencent)!.world.accounts.get(memberId)!.roles.get('muster-audit')!;
  role.allow = enforced(given.get('account-policy'));
  role.trust = enforced(given.get('account-trust'));
  return {
    happenings: bench.happenings,
    memberId,
    list: () => bench.list(),
    entered: async () => (await bench.member(memberId)).identify(signal),
  };
}
