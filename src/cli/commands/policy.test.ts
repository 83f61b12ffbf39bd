import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { cliIo } from '../../../test/kit/cli-io.ts';
import { temporaryFolder } from '../../../test/kit/folder.ts';
import { movableClock } from '../../../test/kit/movable-clock.ts';
import { policy } from './policy.ts';

const CONFIG = `
archive: ./archive
organizations:
  - { provider: aws, name: main, auth: { profile: hub }, role: audit/muster, external_id: ours }
accounts:
  - { provider: aws, account_id: "123456789012", name: shop, auth: { assume_role: { role: muster, external_id: theirs } } }
  - { provider: alibaba, account_id: "1234567890123456", name: ali, auth: { assume_role: { role: muster-audit, external_id: ours } } }
  - { provider: tencent, account_id: "100012345678", name: ten, auth: { assume_role: { role: muster-audit, external_id: ours } } }
sinks: [{ name: out, type: stdout }]
`;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeEach(async () => {
  folder = await temporaryFolder();
  await writeFile(join(folder.path, 'muster.yaml'), CONFIG);
});

afterEach(() => folder.remove());

test('without a provider there is every cloud of the config, each action with what it is worth', async () => {
  const { said } = await run([]);

  const printed = JSON.parse(said.out) as Record<
    string,
    Record<string, { actions?: { action: string; without: string }[] }>
  >;
  expect(Object.keys(printed)).toEqual(['aws', 'alibaba', 'tencent']);
  expect(Object.keys(printed['alibaba']!)).toEqual(['account-policy', 'account-trust', 'hub-policy']);
  for (const documents of Object.values(printed))
    for (const { actions } of Object.values(documents))
      expect(actions?.every(({ without }) => without !== '')).not.toBe(false);
});

test('where accounts need different policies the name of the kind is all of them', async () => {
  const audited = '{ provider: aws, account_id: "123456789013", reports: { key-audit: {} } }';
  await writeFile(join(folder.path, 'muster.yaml'), CONFIG.replace('accounts:', `accounts:\n  - ${audited}`));

  const { said } = await run(['aws', '--only', 'account-policy']);

  expect(Object.keys(JSON.parse(said.out) as object)).toEqual(['account-policy-1.json', 'account-policy-2.json']);
});

test('what is written is what is found again: nothing is missing, nothing is too much', async () => {
  for (const provider of ['aws', 'alibaba', 'tencent']) {
    await run([provider, '--out', provider]);

    expect(await run([provider, '--diff', provider])).toMatchObject({ code: 0 });
  }
});

test('what an account lacks and has too much is told with its price, and the exit code says so', async () => {
  const present = {
    Version: '1',
    Statement: [{ Effect: 'Allow', Resource: '*', Action: ['ram:List*', 'ram:GetCredentialReport'] }],
  };
  await writeFile(
    join(folder.path, 'now.json'),
    JSON.stringify({ DefaultPolicyVersion: { PolicyDocument: JSON.stringify(present) } }),
  );

  const { code, said } = await run(['alibaba', '--diff', 'now.json', '--json']);

  expect(code).toBe(1);
  const [{ document, differences } = { document: '', differences: [] }] = JSON.parse(said.out) as {
    document: string;
    differences: { is: string; action: string; costs?: string }[];
  }[];
  expect(document).toBe('account-policy');
  expect(differences).toContainEqual(
    expect.objectContaining({
      is: 'lacks',
      action: 'ram:GenerateCredentialReport',
      costs: expect.stringMatching(/^no report/),
    }),
  );
  expect(differences).toContainEqual(expect.objectContaining({ is: 'extra', action: 'ram:List*' }));
  expect(differences.map(({ action }) => action)).not.toContain('ram:ListUsers');
});

test('the secrets of sinks are not needed', async () => {
  const sink = 'sinks: [{ name: hook, type: webhook, url: "https://siem.example.com/", secret: "${env:ABSENT}" }]';
  await writeFile(join(folder.path, 'muster.yaml'), CONFIG.replace(/sinks:.*/, sink));

  expect(await run(['aws', '--only', 'account-policy'])).toMatchObject({ code: 0 });
});

test('two files are compared without a config', async () => {
  const policyOf = (action: string) =>
    JSON.stringify({ Version: '1', Statement: [{ Effect: 'Allow', Resource: '*', Action: action }] });
  await writeFile(join(folder.path, 'a.json'), policyOf('ram:ListUsers'));
  await writeFile(join(folder.path, 'b.json'), policyOf('ram:ListRoles'));

  const { code, said } = await run(['--diff', 'a.json', 'b.json', '--config', 'absent.yaml']);

  expect([code, said.out]).toEqual([
    1,
    expect.stringMatching(/lacks +ram:ListRoles on \*[\s\S]*too much +ram:ListUsers/),
  ]);
});

test.each([
  ['a file that is not JSON', 'x', /is not JSON/],
  ['a file without a policy', '{}', /no policy in it/],
])('%s is wrong use', async (_, text, message) => {
  await writeFile(join(folder.path, 'now.json'), text);

  await expect(run(['aws', '--diff', 'now.json'])).rejects.toThrow(message);
});

test('a StackSet for the members, a stack for the management account that it skips, and one for the listed account', async () => {
  await run([
    'aws',
    '--format',
    'cloudformation-stackset',
    '--hub',
    'arn:aws:iam::111122223333:role/tools/muster',
    '--out',
    'roll',
  ]);

  const files = await readdir(join(folder.path, 'roll'));
  expect(files.toSorted()).toEqual([
    'account-role.json',
    'main-management-account.json',
    'main-members.json',
    'rollout.sh',
  ]);
  const members = await json('roll/main-members.json');
  expect(members).toMatchObject({
    AWSTemplateFormatVersion: '2010-09-09',
    Resources: {
      MusterRole: {
        Type: 'AWS::IAM::Role',
        Properties: {
          RoleName: 'muster',
          Path: '/audit/',
          AssumeRolePolicyDocument: {
            Statement: [
              {
                Principal: { AWS: 'arn:aws:iam::111122223333:role/tools/muster' },
                Condition: { StringEquals: { 'sts:ExternalId': 'ours' } },
              },
            ],
          },
          Policies: [
            { PolicyDocument: { Statement: [{ Action: expect.arrayContaining(['iam:GetCredentialReport']) }] } },
          ],
        },
      },
    },
  });
  expect(await json('roll/main-management-account.json')).toMatchObject({
    Resources: {
      MusterRole: { Type: 'AWS::IAM::Role' },
      MusterHub: {
        Type: 'AWS::IAM::ManagedPolicy',
        Properties: {
          Roles: ['muster'],
          PolicyDocument: {
            Statement: [{ Resource: ['arn:aws:iam::*:role/audit/muster'] }, { Action: ['organizations:ListAccounts'] }],
          },
        },
      },
    },
  });
  const script = await readFile(join(folder.path, 'roll/rollout.sh'), 'utf8');
  for (const { name } of [{ name: 'main-members.json' }, { name: 'main-management-account.json' }])
    expect(script).toContain(`file://${name}`);
});

test('ROS has the same policy and the same trust as are printed', async () => {
  await run(['alibaba', '--format', 'ros', '--out', 'roll']);
  await run(['alibaba', '--out', 'printed']);

  const { Properties } = (await json('roll/account-role.json'))['Resources'].MusterRole;
  expect(Properties).toMatchObject({
    RoleName: 'muster-audit',
    AssumeRolePolicyDocument: await json('printed/account-trust.json'),
  });
  expect(Properties.Policies[0].PolicyDocument).toEqual(await json('printed/account-policy.json'));
});

test("Tencent Cloud's script keeps its quotes, whoever the hub is", async () => {
  const { said } = await run(['tencent', '--format', 'tccli', '--hub', "it's"]);

  expect(said.out).toContain('case "${1:?which account}" in 100012345678)');
  expect(said.out).toContain(`"qcs":["it'\\''s"]`);
  expect(said.out).toMatch(/tccli cam AttachRolePolicy --AttachRoleName muster-audit --PolicyName muster-audit-reads/);
});

test('the letter names every action of the policies, on one page per cloud', async () => {
  const { said } = await run(['alibaba', '--format', 'letter']);

  await run(['alibaba', '--out', 'printed']);
  const { Statement } = (await json('printed/account-policy.json')) as { Statement: { Action: string[] }[] };
  for (const action of Statement.flatMap(({ Action }) => Action)) expect(said.out).toContain(`  ${action}\n`);
  expect(said.out).toContain('What it can never do');
  expect(said.out.split('\n').every((line) => line.length <= 100)).toBe(true);
  expect(said.out.split('\n').length).toBeLessThan(80);
});

test.each([
  [['google'], /say which: aws, alibaba, tencent/],
  [
    ['aws', '--format', 'pdf'],
    /there is no format "pdf"; there are: json, cloudformation-stackset, ros, tccli, letter/,
  ],
  [['aws', '--only', 'nothing'], /there is no document "nothing"/],
  [['aws', '--diff', 'muster.json', '--only', 'nothing'], /there is no document "nothing"/],
  [['aws', '--out', 'muster.yaml'], /--out \S+muster.yaml cannot be written: EEXIST/],
  [['aws', '--out', '/proc/muster'], /--out \/proc\/muster cannot be written: E/],
  [['aws', '--hub', 'muster-hub'], /--hub "muster-hub" is no principal of aws: write an ARN/],
  [['alibaba', '--hub', 'arn:aws:iam::111122223333:role/hub'], /is no principal of alibaba/],
  [['--hub', 'arn:aws:iam::111122223333:role/hub'], /say of which cloud the hub is: aws, alibaba, tencent/],
  [['alibaba', '--format', 'tccli'], /nothing in this config is rolled out by tccli/],
])('%s is wrong use', async (argv, message) => {
  await writeFile(
    join(folder.path, 'muster.json'),
    '{"Version":"1","Statement":[{"Effect":"Allow","Resource":"*","Action":"iam:ListUsers"}]}',
  );

  await expect(run(argv)).rejects.toThrow(message);
});

async function run(argv: readonly string[]) {
  const io = cliIo(folder.path, movableClock());
  return { code: await policy.run(argv, io), said: io.said };
}

// oxlint-disable-next-line typescript/no-explicit-any -- a template is looked into at many places
async function json(name: string): Promise<any> {
  return JSON.parse(await readFile(join(folder.path, name), 'utf8'));
}
