import { expect, test } from 'vitest';
import { ACCESS_KIND } from '../../src/providers/alibaba/access-audit/kind.ts';
import { alibaba } from '../../src/providers/alibaba/index.ts';
import { KEY_KIND } from '../../src/providers/alibaba/key-audit/kind.ts';
import { type AuditBench, auditBench, inhabit, userName } from '../kit/audited-alibaba.ts';
import { noteOf } from '../kit/policies.ts';

/** What an audit loses where losing it costs a credential report something else. */
const OF_AUDITS: Readonly<Record<string, string>> = {
  [`${KEY_KIND} ram:ListUsers`]: 'fault',
  [`${KEY_KIND} ram:ListAccessKeys`]: 'fault',
  [`${KEY_KIND} ram:GetAccessKeyLastUsed`]: 'keys of which RAM does not tell the last use',
  [`${ACCESS_KIND} ram:ListUsers`]: 'fault',
  [`${ACCESS_KIND} ram:ListAccessKeys`]: 'users whose keys cannot be listed',
};
const CASES = [KEY_KIND, ACCESS_KIND].flatMap((kind) => {
  const { required, optional } = alibaba.kinds[kind]!.permissions;
  return [...required, ...optional].map((action) => [kind, action] as const);
});

test.each(CASES)('%s without %s loses what is documented', async (kind, action) => {
  const bench = await inhabited(kind);
  const { required, optional } = alibaba.kinds[kind]!.permissions;
  const left = [...required, ...optional].filter((one) => one !== action);
  bench.simulator.alibaba!.allow(bench.account.id, 'muster-audit', left);
  const { without } = noteOf(alibaba, action, 'account');
  const loss = OF_AUDITS[`${kind} ${action}`] ?? (without.shows === 'not-visible' ? without.says! : without.shows);

  const outcome = await bench
    .connect()
    .then((connection) => bench.collect(connection))
    .then(({ notVisible }) => notVisible.join('\n'))
    .catch((fault: Error) => `fault: ${fault.message}`);

  if (loss === 'fault') expect(outcome).toMatch(new RegExp(`^fault: .*allow ${action}`));
  else if (loss !== 'nothing') expect(outcome).toContain(loss);
  else expect(outcome).not.toContain('NoPermission');
});

async function inhabited(kind: string): Promise<AuditBench> {
  const bench = await auditBench(kind, kind === KEY_KIND ? {} : { granularity: 'action' });
  inhabit(bench, 2, 2);
  bench.change({ do: 'put_policy', policy: 'p', document: { Statement: [{ Effect: 'Allow', Action: 'ecs:*' }] } });
  bench.change({ do: 'create_group', group: 'g' });
  bench.change({ do: 'add_to_group', group: 'g', user: userName(0) });
  bench.change({ do: 'attach_policy', policy: 'p', group: 'g' });
  return bench;
}
