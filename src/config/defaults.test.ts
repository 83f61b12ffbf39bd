import { expect, test } from 'vitest';
import { mistakes } from '../../test/kit/config-mistakes.ts';
import { toyRegistries } from '../../test/kit/toy-registries.ts';
import type { Account } from '../domain/account.ts';
import { parseConfig } from './load.ts';

test('an account takes from the defaults what it leaves out', async () => {
  const [account] = await accountsOf(`
defaults: { aws: { auth: { assume_role: { role: audit, external_id: x1 } }, max_rps: 3, labels: { team: iam }, reports: { access-audit: {} } } }
accounts: [{ provider: aws, account_id: "123456789012", auth: { assume_role: { role: other } }, labels: { bu: retail } }]`);

  expect(account?.settings).toMatchObject({ auth: { assume_role: { role: 'other', external_id: 'x1' } }, max_rps: 3 });
  expect(account?.labels).toEqual({ team: 'iam', bu: 'retail' });
  expect(Object.keys(account?.reports ?? {})).toEqual(['access-audit']);
});

test('defaults hold for an account that says no more than who it is', async () => {
  const [account] = await accountsOf(`
defaults: { aws: { auth: { assume_role: { role: audit } } } }
accounts: [{ provider: aws, account_id: "123456789012" }]`);

  expect(account?.settings).toMatchObject({ auth: { assume_role: { role: 'audit' } } });
});

test('another alternative than that of the defaults stands alone', async () => {
  const [account] = await accountsOf(`
defaults: { aws: { auth: { assume_role: { role: audit } } } }
accounts: [{ provider: aws, account_id: "123456789012", auth: { chain: {} } }]`);

  expect(account?.settings).toMatchObject({ auth: { chain: {} } });
});

test('so it does where the alternatives are keys of one mapping', async () => {
  const [account] = await accountsOf(`
defaults: { alibaba: { auth: { role: { name: r, base: { role: { name: b } } } }, reports: { access-audit: {} } } }
accounts: [{ provider: alibaba, account_id: "1234567890123456", auth: { role: { base: { profile: p } } } }]`);

  expect(account?.settings).toEqual({ auth: { role: { name: 'r', base: { profile: 'p' } } } });
});

test('a mistake in defaults is told once, where it stands', async () => {
  const yaml = `archive: a
defaults:
  aws:
    auth: { assume_role: { rol: audit } }
    reports: { credential-report: { every: 1h } }
    max_rps: "\${env:NOPE}"
accounts:
  - { provider: aws, account_id: "111111111111" }
  - { provider: aws, account_id: "222222222222" }
`;

  expect(await mistakes(yaml)).toEqual([
    '4:28: defaults.aws.auth.assume_role: unknown key "rol"; did you mean "role"?',
    '5:44: defaults.aws.reports.credential-report.every: 1h is too often: aws makes a new credential-report every 4h, write 4h or longer',
    '6:14: defaults.aws.max_rps: the variable NOPE is not set',
  ]);
});

test('defaults that no account uses are looked at too', async () => {
  const yaml = `archive: a
defaults:
  aws: { max_rp: 3, name: x, auth: { access_key: { access_key_id: k } } }
  awz: {}
accounts: []
`;

  expect(await mistakes(yaml)).toEqual([
    '3:10: defaults.aws: unknown key "max_rp"; did you mean "max_rps"?',
    '3:21: defaults.aws: "name" belongs to one account',
    '4:3: defaults: unknown key "awz"; did you mean "aws"?',
  ]);
});

test('an alias is as good as writing it again, and its mistakes are told once', async () => {
  const accounts = await accountsOf(`
accounts:
  - { provider: aws, account_id: "111111111111", labels: &retail { bu: retail } }
  - { provider: aws, account_id: "222222222222", labels: *retail }`);

  expect(accounts[1]?.labels).toEqual({ bu: 'retail' });
  expect(
    await mistakes(`archive: a
accounts:
  - { provider: aws, account_id: "111111111111", labels: &retail { bu: 1 } }
  - { provider: aws, account_id: "222222222222", labels: *retail }
`),
  ).toEqual(['3:72: accounts[0].labels.bu: must be text: write "1" in quotes']);
});

async function accountsOf(yaml: string): Promise<readonly Account[]> {
  return (await parseConfig(`archive: a${yaml}\n`, 'm.yaml', toyRegistries(), {})).accounts;
}
