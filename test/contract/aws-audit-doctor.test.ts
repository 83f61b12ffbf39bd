import { expect, test } from 'vitest';
import { aws } from '../../src/providers/aws/index.ts';
import { auditBench } from '../kit/audited-aws.ts';

const OF_THE_REPORT = aws.kinds['credential-report']!.permissions;
const ALLOWED = [...OF_THE_REPORT.required, ...OF_THE_REPORT.optional];

test.each([
  ['access-audit', { groups: true }],
  ['key-audit', { depth: 'full' }],
])('doctor tries each permission of %s, and names the one that is missing', async (kind, own) => {
  const { required, optional } = aws.kinds[kind]!.permissions;
  const bench = await auditBench(kind, { own });
  bench.simulator.mutate({ account: bench.account.id, do: 'create_user', user: 'ci' });
  bench.simulator.mutate({ account: bench.account.id, do: 'create_key', user: 'ci' });
  const role = bench.account.roles.get('muster-audit')!;
  const connection = await bench.connect();
  const problems = async () =>
    (await connection.probe(new AbortController().signal)).filter(({ problem }) => problem !== undefined);

  role.allow = [...ALLOWED, ...required, ...optional];
  expect(await problems()).toEqual([]);

  for (const missing of [...required, ...optional]) {
    role.allow = [...ALLOWED, ...required, ...optional].filter((action) => action !== missing);
    const found = await problems();
    expect(found.map(({ permission }) => permission)).toContain(missing);
    expect(found.find(({ permission, needed }) => permission === missing && needed) !== undefined, missing).toBe(
      required.some((action) => action === missing),
    );
  }
});

test('what the settings switch off is neither tried nor asked for', async () => {
  const bench = await auditBench('access-audit');

  const probed = await (await bench.connect()).probe(new AbortController().signal);

  expect(probed.map(({ permission }) => permission)).not.toContain('iam:ListGroups');
  expect(probed.map(({ permission }) => permission)).not.toContain('cloudtrail:LookupEvents');
});
