import { expect, test } from 'vitest';
import { allows, isTrusted, readPolicy } from './allow.ts';

const ROLE = 'arn:aws:iam::123456789012:role/muster-audit';

test.each([
  ['iam:ListUsers', undefined, true],
  ['iam:ListRoles', undefined, false],
  ['IAM:getuser', undefined, true],
  ['sts:AssumeRole', ROLE, true],
  ['sts:AssumeRole', 'arn:aws:iam::123456789012:role/other', false],
  ['sts:AssumeRole', undefined, false],
  ['iam:GetRole', undefined, false],
])('%s on %s: %s', (action, resource, expected) => {
  const policy = readPolicy({
    Version: '2012-10-17',
    Statement: [
      { Sid: 'A', Effect: 'Allow', Action: ['iam:ListUsers', 'iam:Get*'], Resource: '*' },
      { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: ['arn:aws:iam::*:role/muster-audit'] },
      { Effect: 'Deny', Action: 'iam:GetRole', Resource: '*' },
    ],
  });

  expect(allows(policy, action, resource)).toBe(expected);
});

test('Tencent Cloud writes it in its own way, with a prefix that means nothing', () => {
  const policy = readPolicy({
    version: '2.0',
    statement: [{ effect: 'allow', action: ['name/sts:AssumeRole', 'cam:ListUsers'], resource: ['*'] }],
  });

  expect([allows(policy, 'sts:AssumeRole', 'qcs::cam::uin/1:roleName/x'), allows(policy, 'cam:ListUsers')]).toEqual([
    true,
    true,
  ]);
});

test('a role trusts who is named, with the external id that it wants', () => {
  const trust = readPolicy({
    Version: '1',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { RAM: ['acs:ram::1:root'] },
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'sts:ExternalId': 'ours' } },
      },
    ],
  });
  const asks = (names: readonly string[], externalId?: string) =>
    isTrusted({ trusts: [], externalId: undefined, trust }, { action: 'sts:AssumeRole', names, externalId });

  expect([asks(['acs:ram::1:root'], 'ours'), asks(['acs:ram::1:root']), asks(['acs:ram::2:root'], 'ours')]).toEqual([
    true,
    false,
    false,
  ]);
});

test.each([
  ['another version', { Version: '3', Statement: [] }],
  ['no statement', { Version: '1', Statement: [] }],
  ['no resource', { Version: '1', Statement: [{ Effect: 'Allow', Action: 'a:B' }] }],
  ['an unknown word', { Version: '1', Statement: [{ Effect: 'Allow', NotAction: 'a:B', Resource: '*' }] }],
  [
    'a condition that is not known',
    { Version: '1', Statement: [{ Effect: 'Allow', Action: 'a:B', Resource: '*', Condition: { Bool: { x: 'y' } } }] },
  ],
])('a policy with %s is refused', (_, document) => {
  expect(() => readPolicy(document)).toThrow('this is no policy');
});
