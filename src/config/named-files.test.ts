import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { selfSigned } from '../../test/kit/certificate.ts';
import { temporaryFolder } from '../../test/kit/folder.ts';
import { registries } from '../cli/session.ts';
import { COLLECT_ONLY, DELIVER_ONLY } from '../domain/duties.ts';
import { parseConfig } from './load.ts';

test('a file that cannot be used is told with its line and its account, and the config is used', async () => {
  const folder = await temporary();
  await writeFile(path.join(folder, 'empty'), '');
  const yaml = `archive: ./archive
accounts:
  - { provider: aws, account_id: "100000000001", name: prod, ca_file: /nowhere/ca.pem }
  - { provider: aws, account_id: "100000000002", ca_file: ${folder}/empty }
  - provider: aws
    account_id: "100000000003"
    name: web
    auth: { web_identity: { role: "arn:aws:iam::100000000003:role/m", token_file: /nowhere/token } }
  - { provider: alibaba, account_id: "5123456789012345", name: cn, auth: { oidc: { role: m, provider_arn: "acs:ram::5123456789012345:oidc-provider/a", token_file: ${folder}/empty } } }
`;

  const { warnings, accounts } = await parse(yaml, folder);

  expect(warnings.map((line) => line.replaceAll(folder, '').replace(/^\S+?:(\d+):\d+: warning: /, '$1 '))).toEqual([
    '3 accounts[0].ca_file: /nowhere/ca.pem cannot be read (ENOENT): account prod cannot be asked',
    '4 accounts[1].ca_file: /empty holds no certificate in PEM: account 100000000002 cannot be asked',
    '8 accounts[2].auth.web_identity.token_file: /nowhere/token does not exist: account web cannot be asked',
    '9 accounts[3].auth.oidc.token_file: /empty is empty: account cn cannot be asked',
  ]);
  expect(accounts).toHaveLength(4);
});

test('defaults, organisations and account files are looked into too', async () => {
  const folder = await temporary();
  await mkdir(path.join(folder, 'conf.d'));
  const listed = 'accounts: [{ provider: aws, account_id: "100000000009", name: team, ca_file: /nowhere/team.pem }]\n';
  await writeFile(path.join(folder, 'conf.d', 'team.yaml'), listed);
  const yaml = `archive: ./archive
account_files: conf.d/*.yaml
defaults: { aws: { ca_file: /nowhere/all.pem } }
organizations: [{ provider: aws, name: main, role: muster-audit, ca_file: /nowhere/hub.pem }]
`;

  const { warnings } = await parse(yaml, folder);

  expect(warnings).toEqual([
    expect.stringMatching(/m\.yaml:3:\d+: .*all\.pem cannot be read \(ENOENT\)$/),
    expect.stringMatching(/m\.yaml:4:\d+: .*hub\.pem cannot be read \(ENOENT\): organization main cannot be asked$/),
    expect.stringMatching(/team\.yaml:1:\d+: .*team\.pem cannot be read \(ENOENT\): account team cannot be asked$/),
  ]);
});

test('a good file is no oddity, and a process that does not ask the cloud looks into none', async () => {
  const folder = await temporary();
  await writeFile(path.join(folder, 'ca.pem'), selfSigned().cert);
  const yaml = (file: string) =>
    `archive: ./archive\naccounts: [{ provider: aws, account_id: "100000000001", ca_file: ${file} }]\n`;

  expect((await parse(yaml(`${folder}/ca.pem`), folder)).warnings).toEqual([]);
  expect((await parse(yaml('/nowhere/ca.pem'), folder, DELIVER_ONLY)).warnings).toEqual([]);
});

function parse(yaml: string, folder: string, duties = COLLECT_ONLY) {
  return parseConfig(yaml, path.join(folder, 'm.yaml'), registries, {}, duties);
}

async function temporary(): Promise<string> {
  const { path: folder, remove } = await temporaryFolder();
  onTestFinished(remove);
  return folder;
}
