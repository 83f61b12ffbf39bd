import { expect, test } from 'vitest';
import type { Account } from '../../src/domain/account.ts';
import { alibaba } from '../../src/providers/alibaba/index.ts';
import { passing } from '../kit/movable-clock.ts';
import { actionsIn, emitted, enforced, noteOf, outcomeOf, seen, shown, without } from '../kit/policies.ts';
import { hubKeys, simulatedAlibabaBench } from '../kit/simulated-alibaba.ts';

const HUB = 'acs:ram::1900000000000001:user/muster';
const ACCOUNT = actionsIn(documents('ours').get('account-policy'));
const LARGE = { accounts: [{ users: 12 }] };

test('the emitted policies, to the letter and nothing else, are enough for the whole report', async () => {
  const bench = await policyBench();

  expect(seen(await bench.outcome(), alibaba)).toEqual({ notVisible: [] });
  expect(bench.happenings).toEqual([]);
  expect((await bench.probe()).filter(({ problem }) => problem !== undefined)).toEqual([]);
});

test.each(ACCOUNT)('without %s the account loses what is documented', async (action) => {
  const bench = await policyBench({ account: (document) => without(document, action) });
  const { without: loss } = noteOf(alibaba, action, 'account');

  expect(seen(await bench.outcome(), alibaba)).toEqual(shown(loss, action, expect));

  const missing = (await bench.probe()).filter(({ problem }) => problem !== undefined);
  expect(missing.map(({ permission }) => permission)).toEqual(action.startsWith('ims:') ? [] : [action]);
});

test.each(ACCOUNT)('above 3,500 users, without %s the account loses what is documented', async (action) => {
  const bench = await policyBench({ account: (document) => without(document, action), isLarge: true });
  const { without: loss, elsewhere = loss } = noteOf(alibaba, action, 'account');

  const found = seen(await bench.outcome(), alibaba) as { notVisible?: readonly string[] };

  const told = found.notVisible?.filter((what) => !what.startsWith('what no API tells'));
  expect(told === undefined ? found : { notVisible: told }).toEqual(shown(elsewhere, action, expect));
});

test.each(['ram:GetAccountSummary', 'ims:GetAccountSummary'])(
  'where %s is the name that counts, that one is needed and the other is not',
  async (spelling) => {
    const [other] = ACCOUNT.filter((action) => action.endsWith(':GetAccountSummary') && action !== spelling);
    const bench = await policyBench({ account: (document) => without(document, other!), spelling });
    const lacking = await policyBench({ account: (document) => without(document, spelling), spelling });

    expect(seen(await bench.outcome(), alibaba)).toEqual({ notVisible: [] });
    expect(seen(await lacking.outcome(), alibaba)).toMatchObject({
      notVisible: [expect.stringContaining('own count of users')],
    });
  },
);

test('without sts:AssumeRole the hub loses what is documented', async () => {
  const bench = await policyBench({ hub: (document) => without(document, 'sts:AssumeRole') });

  expect(seen(await bench.outcome(), alibaba)).toEqual(
    shown(noteOf(alibaba, 'sts:AssumeRole', 'hub').without, 'sts:AssumeRole', expect),
  );
});

test('every action of the hub has its note', () => {
  for (const action of actionsIn(documents('ours').get('hub-policy'))) noteOf(alibaba, action, 'hub');
});

test('whoever the trust policy does not name, or with another external id, is not let in', async () => {
  const stranger = await policyBench({
    trust: () => documents('muster-demo', 'acs:ram::1:user/stranger').get('account-trust'),
  });
  const guessing = await policyBench({ trust: () => documents('theirs').get('account-trust') });

  for (const bench of [stranger, guessing])
    expect(seen(await bench.outcome(), alibaba)).toMatchObject({
      fault: 'denied',
      message: expect.stringContaining('sts:AssumeRole'),
    });
});

test('a hub that is itself a role reaches the account, with the policies of each step', async () => {
  const bench = await policyBench({ isThroughRole: true });

  expect(seen(await bench.outcome(), alibaba)).toEqual({ notVisible: [] });
});

function account(settings: object, id = '1234567890123456'): Account {
  const reports = { 'credential-report': { everyMs: 1 } };
  return { provider: 'alibaba', id, name: 'prod', labels: {}, reports, settings: alibaba.settings.parse(settings) };
}

function documents(externalId: string, hub = HUB, id?: string) {
  const auth = { assume_role: { role: 'muster-audit', external_id: externalId } };
  return emitted(alibaba, { accounts: [account({ auth }, id)], hub });
}

type Change = (document: unknown) => unknown;

interface Changes {
  readonly account?: Change;
  readonly hub?: Change;
  readonly trust?: Change;
  readonly isLarge?: boolean;
  readonly isThroughRole?: boolean;
  readonly spelling?: string;
}

/** An account whose role, hub and trust have what is emitted, changed as the test wants. */
async function policyBench(changes: Changes = {}) {
  const same: Change = (document) => document;
  const { account: ofAccount = same, hub: ofHub = same, trust = same, isLarge = false } = changes;
  const bench = await simulatedAlibabaBench(isLarge ? LARGE : {});
  const { cloud, accountId } = bench;
  const [{ roleName, externalId }] = cloud.accounts as [(typeof cloud.accounts)[number]];
  const owner = cloud.world.keyOwners.get(cloud.hub.accessKeyId)!;
  const hubUser = `acs:ram::${owner.account.id}:user/${owner.identity.name}`;
  const middle = `acs:ram::${owner.account.id}:role/hub`;
  const base =
    changes.isThroughRole === true
      ? { assume_role: { role: middle, external_id: 'between', base: hubKeys(cloud) } }
      : hubKeys(cloud);
  const auth = { assume_role: { role: roleName, external_id: externalId, base } };
  const given = emitted(alibaba, { accounts: [account({ auth }, accountId)], hub: hubUser });
  const role = cloud.world.accounts.get(accountId)!.roles.get(roleName)!;
  role.allow = enforced(ofAccount(given.get('account-policy')));
  role.trust = enforced(trust(given.get('account-trust')));
  owner.identity.allow = enforced(ofHub(given.get(changes.isThroughRole === true ? 'base-policy' : 'hub-policy')));
  if (changes.isThroughRole === true)
    owner.account.roles.set('hub', {
      ...role,
      name: 'hub',
      trust: enforced(given.get('hub-trust')),
      allow: enforced(given.get('hub-policy')),
    });
  if (changes.spelling !== undefined) cloud.gate.spelled.set('GetAccountSummary', changes.spelling);
  if (isLarge)
    for (let index = 0; index < 3_490; index += 1)
      cloud.change({ account: accountId, do: 'create_user', user: `bulk-${index}` });
  const connection = await bench.connect({ auth });
  Object.assign(bench, { connection });
  return {
    happenings: bench.happenings,
    outcome: () => outcomeOf(bench.collected()),
    probe: () => passing(bench.clock, connection.probe(new AbortController().signal)),
  };
}
