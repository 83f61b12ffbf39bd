import { expect, test } from 'vitest';
import type { Account } from '../../src/domain/account.ts';
import { Secret } from '../../src/kit/secret.ts';
import type { Look } from '../../src/providers/provider.ts';
import { tencent } from '../../src/providers/tencent/index.ts';
import { passing } from '../kit/movable-clock.ts';
import { actionsIn, emitted, enforced, noteOf, outcomeOf, seen, shown, without } from '../kit/policies.ts';
import { headOf, tencentBench } from '../kit/simulated-tencent.ts';

const HUB = 'qcs::cam::uin/100010000001:uin/100020000001';
const ACCOUNT = actionsIn(documents('ours').get('account-policy'));
const OLD_LISTS = actionsIn(documents('ours', HUB, 'international').get('account-policy'));

test('the emitted policies, to the letter and nothing else, are enough for the whole report', async () => {
  const bench = await policyBench();

  const first = await bench.outcome();
  const second = await bench.outcome(headOf(first.report!));

  expect([seen(first, tencent), seen(second, tencent)]).toEqual([{ notVisible: [] }, { notVisible: [] }]);
  expect(bench.said).toEqual([]);
  const probed = await bench.probe();
  expect(probed.filter(({ problem }) => problem !== undefined)).toEqual([]);
  expect(probed.map(({ permission }) => permission).toSorted()).toEqual(ACCOUNT);
});

test('the international site is not given what it does not have', () => {
  expect(ACCOUNT.filter((action) => !OLD_LISTS.includes(action))).toEqual([
    'cam:ListAccounts',
    'cam:ListReceiver',
    'cam:ListWeChatWorkSubAccounts',
  ]);
});

test.each(ACCOUNT)('without %s the account loses what is documented', async (action) => {
  const whole = await policyBench();
  const before = (await whole.outcome()).report!;
  const bench = await policyBench({ account: (document) => without(document, action) });
  const { without: loss } = noteOf(tencent, action, 'account');

  // The cloud's count is asked from the second report on.
  const look = action === 'cam:GetAccountSummary' ? headOf(before) : {};
  expect(seen(await bench.outcome(look), tencent)).toEqual(shown(loss, action, expect));

  if (action === 'sts:GetCallerIdentity') return; // then the doctor says that at once
  const missing = (await bench.probe()).filter(({ problem }) => problem !== undefined);
  expect(missing).toMatchObject([{ permission: action, problem: expect.stringContaining(`allow ${action} on *`) }]);
});

test.each(ACCOUNT.filter((action) => !['cam:ListAccounts', 'cam:GetAccountSummary'].includes(action)))(
  'where there is no ListAccounts, without %s the account loses what is documented',
  async (action) => {
    const bench = await policyBench({ account: (document) => without(document, action), hasListAccounts: false });
    const { without: loss, elsewhere = loss } = noteOf(tencent, action, 'account');

    expect(seen(await bench.outcome(), tencent)).toEqual(shown(elsewhere, action, expect));
  },
);

test('without sts:AssumeRole the hub loses what is documented', async () => {
  const action = 'name/sts:AssumeRole';
  const bench = await policyBench({ hub: (document) => without(document, action) });

  expect(seen(await bench.outcome(), tencent)).toEqual(shown(noteOf(tencent, action, 'hub').without, action, expect));
});

test('every action of the hub has its note', () => {
  for (const action of actionsIn(documents('ours').get('hub-policy'))) noteOf(tencent, action, 'hub');
});

test('whoever the trust policy does not name, or with another external id, is not let in', async () => {
  const stranger = await policyBench({
    trust: () => documents('muster-demo', 'qcs::cam::uin/1:root').get('account-trust'),
  });
  const guessing = await policyBench({ trust: () => documents('theirs').get('account-trust') });

  for (const bench of [stranger, guessing])
    expect(seen(await bench.outcome(), tencent)).toMatchObject({
      fault: 'denied',
      message: expect.stringContaining('sts:AssumeRole'),
    });
});

test('a hub that is itself a role reaches the account, with the policies of each step', async () => {
  const bench = await policyBench({ isThroughRole: true });

  expect(seen(await bench.outcome(), tencent)).toEqual({ notVisible: [] });
});

function account(settings: object, id = '100010000101'): Account {
  const reports = { 'credential-report': { everyMs: 1 }, 'credential-report-import': { everyMs: 1 } };
  return { provider: 'tencent', id, name: 'shop', labels: {}, reports, settings: tencent.settings.parse(settings) };
}

function documents(externalId: string, hub = HUB, site = 'mainland') {
  const auth = { assume_role: { role: 'muster-audit', external_id: externalId } };
  return emitted(tencent, { accounts: [account({ auth, site })], hub });
}

type Change = (document: unknown) => unknown;

interface Changes {
  readonly account?: Change;
  readonly hub?: Change;
  readonly trust?: Change;
  readonly hasListAccounts?: boolean;
  readonly isThroughRole?: boolean;
}

/** An account whose role, hub and trust have what is emitted, changed as the test wants. */
async function policyBench(changes: Changes = {}) {
  const same: Change = (document) => document;
  const { account: ofAccount = same, hub: ofHub = same, trust = same, isThroughRole = false } = changes;
  const bench = await tencentBench({ usersPerAccount: 24 });
  const { cloud, accountId } = bench;
  const [{ roleName, externalId }] = cloud.accounts as [(typeof cloud.accounts)[number]];
  const owner = cloud.world.keyOwners.get(cloud.hub.secretId)!;
  const hubUser = `qcs::cam::uin/${owner.account.id}:uin/${owner.user.uin}`;
  const middle = `qcs::cam::uin/${owner.account.id}:roleName/hub`;
  const keys = { secret: { secret_id: cloud.hub.secretId, secret_key: new Secret(cloud.hub.secretKey, '${env:KEY}') } };
  const base = isThroughRole ? { assume_role: { role: middle, external_id: 'between', base: keys } } : keys;
  const auth = { assume_role: { role: roleName, external_id: externalId, base } };
  const given = emitted(tencent, { accounts: [account({ auth }, accountId)], hub: hubUser });
  cloud.gate.guardsIdentity = true;
  const there = cloud.world.accounts.get(accountId)!;
  there.hasListAccounts = changes.hasListAccounts ?? true;
  const role = there.roles.get(roleName)!;
  role.allow = enforced(ofAccount(given.get('account-policy')));
  role.trust = enforced(trust(given.get('account-trust')));
  owner.user.allow = enforced(ofHub(given.get(isThroughRole ? 'base-policy' : 'hub-policy')));
  if (isThroughRole)
    owner.account.roles.set('hub', {
      ...role,
      name: 'hub',
      trust: enforced(given.get('hub-trust')),
      allow: enforced(given.get('hub-policy')),
    });
  const connection = await bench.connect({ auth });
  const signal = new AbortController().signal;
  const identified = () => passing(bench.clock, connection.identify(signal));
  return {
    said: bench.said,
    outcome: (look: Partial<Look> = {}) => outcomeOf(identified().then(() => bench.collect(connection, look))),
    probe: () => passing(bench.clock, connection.probe(signal)),
  };
}
