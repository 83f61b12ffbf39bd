import { expect, test } from 'vitest';
import { registries } from '../cli/session.ts';
import { COLLECT_ONLY, DELIVER_ONLY, type Duties, NO_DUTIES } from '../domain/duties.ts';
import { parseConfig } from './load.ts';

const YAML = `
archive: ./archive
defaults:
  alibaba: { auth: { access_key: { access_key_id: "\${env:ALI_ID}", access_key_secret: "\${env:ALI_KEY}" } }, labels: { bu: shop } }
accounts:
  - { provider: aws, account_id: "123456789012", name: prod, auth: { assume_role: { role: muster, external_id: "\${env:AWS_X}" } } }
  - { provider: alibaba, account_id: "5123456789012345", name: shop }
organizations:
  - { provider: aws, name: main, role: audit, external_id: "\${env:AWS_X}" }
sinks:
  - { name: siem, type: webhook, url: "https://siem.example", secret: "\${env:HOOK}", format: ocsf }
`;
const AWS = { AWS_X: 'external' };
const ALIBABA = { ALI_ID: 'LTAIexample', ALI_KEY: 'key' };
const HOOK = { HOOK: `whsec_${Buffer.alloc(32, 7).toString('base64')}` };

test('who only collects needs no secret of a sink, and still knows which sinks there are', async () => {
  const { sinks, accounts } = await read(COLLECT_ONLY, { ...AWS, ...ALIBABA });

  expect(sinks).toMatchObject([{ name: 'siem', type: 'webhook', format: 'ocsf', settings: {} }]);
  expect(accounts[0]?.settings).toMatchObject({ auth: { kind: 'assume_role' } });
});

test('who collects from one cloud needs no secret of another, and still knows its accounts', async () => {
  const { accounts, organizations } = await read({ collects: ['alibaba'], delivers: false }, ALIBABA);

  expect(accounts).toMatchObject([
    { id: '123456789012', name: 'prod', settings: {}, reports: { 'credential-report': { everyMs: 14_400_000 } } },
    { id: '5123456789012345', name: 'shop', labels: { bu: 'shop' } },
  ]);
  expect(organizations).toMatchObject([{ name: 'main', members: 'all' }]);
});

test('who only delivers needs the secrets of sinks alone; who only looks needs none', async () => {
  await expect(read(DELIVER_ONLY, HOOK)).resolves.toMatchObject({ accounts: [{}, {}], sinks: [{ name: 'siem' }] });
  await expect(read(NO_DUTIES, {})).resolves.toMatchObject({ accounts: [{}, {}], sinks: [{ name: 'siem' }] });
});

test('what is needed is checked as ever', async () => {
  await expect(read(COLLECT_ONLY, AWS)).rejects.toThrow('ALI_ID is not set');
  await expect(read(DELIVER_ONLY, {})).rejects.toThrow('HOOK is not set');
  await expect(read(NO_DUTIES, {}, YAML.replace('name: shop', 'name: prod'))).rejects.toThrow('prod');
});

function read(duties: Duties, env: Record<string, string>, yaml = YAML) {
  return parseConfig(yaml, '/etc/muster/muster.yaml', registries, env, duties);
}
