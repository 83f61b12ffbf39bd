import { expect, test } from 'vitest';
import { ACCESS_KIND } from '../../src/providers/alibaba/access-audit/kind.ts';
import { alibaba } from '../../src/providers/alibaba/index.ts';
import { KEY_KIND } from '../../src/providers/alibaba/key-audit/kind.ts';
import { ACCESS_AUDIT, KEY_AUDIT } from '../../src/providers/alibaba/permissions.ts';
import { auditBench } from '../kit/audited-alibaba.ts';

const signal = new AbortController().signal;

test.each([
  [KEY_KIND, {}, KEY_AUDIT],
  [ACCESS_KIND, { granularity: 'action' }, ACCESS_AUDIT],
])('the doctor proves each permission of %s, and names those that are missing', async (kind, own, declared) => {
  const bench = await auditBench(kind, own);
  const connection = await bench.connect();

  expect((await connection.probe(signal)).filter(({ problem }) => problem !== undefined)).toEqual([]);

  bench.simulator.alibaba!.allow(bench.account.id, 'muster-audit', ['ram:GenerateCredentialReport']);
  const missing = (await connection.probe(signal)).filter(({ problem }) => problem !== undefined);
  const names = new Set(missing.map(({ permission }) => permission));
  expect([...declared.required, ...declared.optional].filter((permission) => !names.has(permission))).toEqual([]);
  for (const permission of declared.required)
    expect(missing).toContainEqual({
      permission,
      needed: true,
      problem: expect.stringContaining(`allow ${permission}`),
    });
});

test.each([
  [KEY_KIND, { depth: 'info' }, ['actiontrail:GetAccessKeyLastUsedProducts', 'actiontrail:GetAccessKeyLastUsedIps']],
  [ACCESS_KIND, { lookup: 'off' }, ['actiontrail:LookupEvents', 'actiontrail:GetAccessKeyLastUsedEvents']],
])('what the settings of %s switch off is neither probed nor asked for by the policy', async (kind, own, off) => {
  const bench = await auditBench(kind, own);

  const probed = (await (await bench.connect()).probe(signal)).map(({ permission }) => permission);
  const document = JSON.stringify(policyOf(kind, own));

  for (const action of off) {
    expect(probed).not.toContain(action);
    expect(document).not.toContain(`"${action}"`);
  }
});

test('native asks for its two permissions, and nobody else does', () => {
  const native = { endpoint: 'https://ram.aliyuncs.com', version: '2015-05-01' };

  expect(JSON.stringify(policyOf(ACCESS_KIND, { native }))).toContain('GenerateServiceLastAccessedDetails');
  expect(JSON.stringify(policyOf(ACCESS_KIND, {}))).not.toContain('GenerateServiceLastAccessedDetails');
});

function policyOf(kind: string, own: object) {
  const settings = alibaba.kinds[kind]!.settings!.parse(own);
  const account = {
    provider: 'alibaba',
    id: '1234567890123456',
    name: 'prod',
    labels: {},
    reports: { [kind]: { everyMs: 86_400_000, settings } },
    settings: alibaba.settings.parse({}),
  };
  return alibaba.policies!({ accounts: [account], organizations: [] });
}
