import { expect, test } from 'vitest';
import { ok, refusal, scriptedAws } from '../../../test/kit/scripted-aws.ts';
import { systemClock } from '../../kit/clock.ts';
import { Secret } from '../../kit/secret.ts';
import { providers } from '../registry.ts';
import { aws } from './index.ts';

const ACCOUNT = { provider: 'aws', id: '123456789012', name: 'prod', labels: {}, reports: {} };
const KEYS = { access_key_id: 'AKIABASE', secret_access_key: new Secret('secret', '${env:KEY}') };

test('aws is a provider', () => {
  expect(providers).toContain(aws);
});

test.each([
  ['123456789012', true],
  ['012345678901', true],
  ['12345678901', false],
  ['12345678901x', false],
])('the account id %s: %s', (id, isOne) => {
  expect(aws.accountId.pattern.test(id)).toBe(isOne);
});

test.each<[unknown, boolean]>([
  ['https://iam.amazonaws.com', true],
  ['https://IAM.us-gov.amazonaws.com./', true],
  ['https://iam.cn-north-1.amazonaws.com.cn', true],
  ['https://sts.eu-west-1.api.aws', true],
  ['https://iam.eusc-de-east-1.amazonaws.eu', true],
  [{ iam: 'http://127.0.0.1:1', sts: 'https://sts.eu-west-1.amazonaws.com' }, true],
  ['https://iam.amazonaws.com.example.com', false],
  ['https://myamazonaws.com', false],
])('the endpoint %j is the real AWS: %s', (endpoint, isReal) => {
  expect(aws.isRealCloud(aws.settings.parse({ endpoint }))).toBe(isReal);
});

test('an endpoint elsewhere means that this is not the real AWS', () => {
  expect(aws.isRealCloud(aws.settings.parse({}))).toBe(true);
  expect(aws.isRealCloud(aws.settings.parse({ endpoint: 'http://127.0.0.1:1' }))).toBe(false);
});

test('a CSV that a person brings is the report itself', () => {
  const bytes = new Uint8Array([1, 2, 3]);

  expect(aws.kinds['credential-report']?.imported?.(bytes)).toEqual([{ name: 'report.csv', bytes }]);
});

test('a report kind that AWS does not have is a mistake in the config', async () => {
  const { connection, close } = await connect();

  await expect(connection.next('bucket-audit', undefined as never)).rejects.toMatchObject({ kind: 'misconfigured' });

  await close();
});

test('the doctor tries every permission, and tells which are only nice to have', async () => {
  const { cloud, connection, close } = await connect();
  cloud.answer('GenerateCredentialReport', ok('GenerateCredentialReport', '<State>COMPLETE</State>'));
  cloud.answer('GetCredentialReport', refusal(403, 'AccessDenied'));
  cloud.answer('ListUsers', ok('ListUsers', '<Users/><IsTruncated>false</IsTruncated>'));
  cloud.answer('ListAccessKeys', refusal(404, 'NoSuchEntity'));
  for (const action of ['ListServiceSpecificCredentials', 'GetAccountSummary', 'ListAccountAliases']) {
    cloud.answer(action, refusal(403, 'AccessDenied'));
  }

  const probed = await connection.probe(new AbortController().signal);

  expect(probed.filter((one) => one.problem === undefined).map((one) => one.permission)).toEqual([
    'iam:GenerateCredentialReport',
    'iam:ListUsers',
    'iam:ListAccessKeys',
  ]);
  expect(probed.filter((one) => one.needed).map((one) => one.problem)).toEqual([
    undefined,
    expect.stringContaining('allow iam:GetCredentialReport on *'),
  ]);
  await close();
});

async function connect() {
  const cloud = await scriptedAws();
  cloud.answer(
    'GetCallerIdentity',
    ok('GetCallerIdentity', '<Arn>arn:aws:iam::123456789012:user/hub</Arn><Account>123456789012</Account>'),
  );
  const settings = aws.settings.parse({ endpoint: cloud.url, auth: { access_key: KEYS } });
  const connection = await aws.connect({ ...ACCOUNT, settings }, { clock: systemClock(), observe: () => undefined });
  const close = async () => {
    connection.close();
    await cloud.close();
  };
  return { cloud, connection, close };
}
