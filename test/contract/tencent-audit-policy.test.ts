import { expect, test } from 'vitest';
import { tencent } from '../../src/providers/tencent/index.ts';
import { accountOf, tencentAuditBench } from '../kit/audited-tencent.ts';
import { passing } from '../kit/movable-clock.ts';
import { actionsIn, emitted, enforced, noteOf, without } from '../kit/policies.ts';

type Site = 'mainland' | 'international';

/** What is no lack of permissions. */
const SETTINGS =
  /^(?:groups \(groups is off\)|what only the CloudAudit of regions other|message receivers|WeCom users)/;

const CASES = (['mainland', 'international'] as const).flatMap((site) => [
  ['key-audit', {}, site] as const,
  ['access-audit', { groups: true, granularity: 'action' }, site] as const,
]);

test.each(CASES)(
  'the emitted policy of a %s (%j, %s) is enough, and each action of it is missed as documented',
  async (kind, own, site) => {
    const all = actionsIn(await documentOf(kind, own, site));
    const whole = await seenWith(kind, own, site, undefined);
    expect(whole).toEqual({ lines: [], problems: [] });

    for (const action of all) {
      if (action === 'sts:GetCallerIdentity') continue; // the doctor says that at once
      const { without: loss, elsewhere } = noteOf(tencent, action, 'account');
      const says = [loss.says, elsewhere?.says].filter((text) => text !== undefined);
      const { lines, fault, problems } = await seenWith(kind, own, site, action);
      expect(problems, action).toContain(action);
      if (fault !== undefined) expect([loss.shows, elsewhere?.shows], action).toContain('fault');
      else if (lines.length === 0) expect([loss.shows, elsewhere?.shows], action).toContain('nothing');
      else
        expect(
          lines.every((line) => says.some((text) => line.startsWith(text))),
          `${action}: ${lines.join('; ')}`,
        ).toBe(true);
    }
  },
  60_000,
);

test('an account without audits is given none of their actions, and a depth or groups that are off ask for less', async () => {
  const { simulator } = await tencentAuditBench('key-audit');
  const actions = (kind: string, own: object) => {
    const reports = accountOf(simulator, kind, own);
    return actionsIn(emitted(tencent, { accounts: [reports] }).get('account-policy'));
  };
  const report = { ...accountOf(simulator, 'key-audit', {}), reports: { 'credential-report': { everyMs: 1 } } };

  const plain = actionsIn(emitted(tencent, { accounts: [report] }).get('account-policy'));
  expect(plain.filter((action) => /LookUpEvents|RoleList|Groups|Policies|GetPolicy/.test(action))).toEqual([]);
  expect(actions('key-audit', { depth: 'info' })).not.toContain('cloudaudit:LookUpEvents');
  expect(actions('key-audit', {})).toContain('cloudaudit:LookUpEvents');
  expect(actions('access-audit', {})).not.toContain('cam:ListGroups');
  expect(actions('access-audit', { groups: true })).toContain('cam:ListGroups');
});

async function documentOf(kind: string, own: object, site: Site): Promise<unknown> {
  const { simulator } = await tencentAuditBench(kind, { site });
  return emitted(tencent, { accounts: [accountOf(simulator, kind, own, site)] }).get('account-policy');
}

/** What is not visible, or why there is no report, and what the doctor says of it. */
async function seenWith(kind: string, own: object, site: Site, missing: string | undefined) {
  const bench = await tencentAuditBench(kind, { site, own });
  for (const name of ['li', 'wang']) {
    bench.change({ do: 'create_user', user: name });
    bench.change({ do: 'create_key', user: name });
  }
  bench.change({ do: 'create_group', group: 'all' });
  const document = '{"version":"2.0","statement":[{"effect":"allow","action":"cvm:*","resource":"*"}]}';
  bench.change({ do: 'create_policy', policy: 'compute', document });
  bench.change({ do: 'attach_policy', user: 'li', policy: 'compute' });
  const policy = emitted(tencent, { accounts: [accountOf(bench.simulator, kind, own, site)] }).get('account-policy');
  const role = bench.account.roles.get('muster-audit')!;
  role.allow = enforced(missing === undefined ? policy : without(policy, missing));
  const connection = await bench.connect();
  const never = tencent.kinds[kind]!.neverShown ?? [];
  const told = await bench.collect(connection).then(
    ({ notVisible }) => ({ lines: notVisible.filter((line) => !never.includes(line) && !SETTINGS.test(line)) }),
    (problem: unknown) => ({ lines: [], problem }),
  );
  const wanted = actionsIn(policy);
  const probed = await passing(bench.clock, connection.probe(new AbortController().signal));
  const problems = probed.flatMap((one) =>
    one.problem !== undefined && wanted.includes(one.permission) ? [one.permission] : [],
  );
  return { lines: told.lines, ...('problem' in told ? { fault: told.problem } : {}), problems };
}
