import { expect, test } from 'vitest';
import { z } from 'zod';
import { Secret } from '../../kit/secret.ts';
import { partitionOf, roleArn } from './partition.ts';
import { Settings } from './settings.ts';

const SECRET = new Secret('s3cr3t', '${env:KEY}');

test('without anything, the SDK finds the credentials and AWS is the real one', () => {
  expect(Settings.parse({})).toEqual({
    auth: { kind: 'chain' },
    endpoint: undefined,
    region: 'us-east-1',
    keyIds: true,
    userTags: false,
    rootMfa: false,
    maxRps: 10,
    timeoutMs: 60_000,
    wire: { proxy: undefined, noProxy: undefined, caFile: undefined },
  });
});

test('a role may be reached through another role', () => {
  const hub = { assume_role: { role: 'arn:aws:iam::111122223333:role/hub', base: { profile: 'ops' } } };
  const { auth } = Settings.parse({ auth: { assume_role: { role: 'muster-audit', external_id: SECRET, base: hub } } });

  expect(auth).toMatchObject({
    kind: 'assume_role',
    role: 'muster-audit',
    externalId: 's3cr3t',
    sessionName: 'muster',
    durationMs: 3_600_000,
    base: { kind: 'assume_role', base: { kind: 'profile', profile: 'ops' } },
  });
});

test('one endpoint serves both services', () => {
  expect(Settings.parse({ endpoint: 'http://127.0.0.1:5000' }).endpoint).toEqual({
    iam: 'http://127.0.0.1:5000',
    sts: 'http://127.0.0.1:5000',
    sso: 'http://127.0.0.1:5000',
    cloudtrail: 'http://127.0.0.1:5000',
  });
});

test.each([
  [{ auth: {} }, 'exactly one'],
  [{ auth: { chain: {}, profile: 'x' } }, 'exactly one'],
  [{ auth: { access_key: { access_key_id: 'AKIA', secret_access_key: 'plain' } } }, 'must be a reference'],
  [{ auth: { assume_role: { role: 'a b' } } }, 'must be a role name'],
  [{ auth: { assume_role: { role: 'a', duration: '1m' } } }, '15m to 12h'],
  [{ auth: { assume_role: { role: 'a', base: { nothing: 1 } } } }, 'Unrecognized key'],
  [{ auth: { assume_role: { role: 'a', base: { assume_role: { role: 'hub' } } } } }, 'must be named by its ARN'],
  [{ endpoint: 'ftp://x' }, 'http or https URL'],
  [{ endpoint: 'http://me:pw@x' }, 'http or https URL'],
  [{ endpoint: { iam: 'http://x' } }, 'http or https URL'],
  [{ region: 'Frankfurt' }, 'must be a region'],
  [{ max_rps: 0 }, '0.1'],
  [{ keyids: false }, 'Unrecognized key'],
])('%j is refused', (settings, message) => {
  const parsed = Settings.safeParse(settings);

  expect(parsed.success).toBe(false);
  expect(parsed.error?.message).toContain(message);
});

test('a JSON Schema can be made of it', () => {
  expect(z.toJSONSchema(Settings, { io: 'input', unrepresentable: 'any' })).toMatchObject({
    properties: { auth: {}, region: { default: 'us-east-1' } },
    additionalProperties: false,
  });
});

test.each([
  ['eu-west-1', 'aws'],
  ['aws-global', 'aws'],
  ['cn-north-1', 'aws-cn'],
  ['us-gov-west-1', 'aws-us-gov'],
  ['eusc-de-east-1', 'aws-eusc'],
  ['us-iso-east-1', 'aws-iso'],
  ['us-isob-east-1', 'aws-iso-b'],
])('a role in %s is of the partition %s', (region, partition) => {
  expect(partitionOf(region)).toBe(partition);
  expect(roleArn('muster-audit', '123456789012', region)).toBe(`arn:${partition}:iam::123456789012:role/muster-audit`);
});

test('a role that is named by its ARN stays what it is', () => {
  expect(roleArn('arn:aws:iam::1:role/x', '2', 'cn-north-1')).toBe('arn:aws:iam::1:role/x');
});
