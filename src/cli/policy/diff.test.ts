import { expect, test } from 'vitest';
import { differences } from './diff.ts';
import { statementsIn } from './statements.ts';

const WANTED = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: ['iam:GetCredentialReport', 'iam:ListUsers'], Resource: '*' }],
};

function present(...statements: object[]): object {
  return { Version: '2012-10-17', Statement: statements };
}

test.each([
  [
    'the same in another order and case',
    present({ Effect: 'Allow', Action: ['IAM:listusers', 'iam:GetCredentialReport'], Resource: ['*'] }),
    [],
  ],
  [
    'one too few',
    present({ Effect: 'Allow', Action: 'iam:ListUsers', Resource: '*' }),
    ['lacks iam:GetCredentialReport on *'],
  ],
  [
    'one too many',
    present({ Effect: 'Allow', Action: ['iam:GetCredentialReport', 'iam:ListUsers', 'iam:CreateUser'], Resource: '*' }),
    ['extra iam:CreateUser on *'],
  ],
  [
    'a star',
    present({ Effect: 'Allow', Action: 'iam:*', Resource: '*' }),
    ['extra iam:* on *: name the actions one by one'],
  ],
  [
    'a narrower resource',
    present({
      Effect: 'Allow',
      Action: ['iam:GetCredentialReport', 'iam:ListUsers'],
      Resource: 'arn:aws:iam::1:user/x',
    }),
    [
      'lacks iam:GetCredentialReport on *: on arn:aws:iam::1:user/x only',
      'lacks iam:ListUsers on *: on arn:aws:iam::1:user/x only',
    ],
  ],
  [
    'a condition',
    present({
      Effect: 'Allow',
      Action: ['iam:GetCredentialReport', 'iam:ListUsers'],
      Resource: '*',
      Condition: { Bool: { x: ['y'] } },
    }),
    [
      'lacks iam:GetCredentialReport on *: under the condition {"Bool":{"x":"y"}} only',
      'lacks iam:ListUsers on *: under the condition {"Bool":{"x":"y"}} only',
    ],
  ],
  [
    'a denial',
    present(
      { Effect: 'Allow', Action: ['iam:GetCredentialReport', 'iam:ListUsers'], Resource: '*' },
      { Effect: 'Deny', Action: 'iam:List*', Resource: '*' },
    ),
    ['lacks iam:ListUsers on *: denied expressly'],
  ],
  [
    'everything but something',
    present({ Effect: 'Allow', NotAction: 'iam:ListUsers', Resource: '*' }),
    ['lacks iam:ListUsers on *', 'extra everything but iam:ListUsers on *: name the actions one by one'],
  ],
  ['nothing', {}, ['lacks iam:GetCredentialReport on *', 'lacks iam:ListUsers on *']],
])('%s', (_, policy, expected) => {
  expect(differences(policy, WANTED).map(({ is, what }) => `${is} ${what}`)).toEqual(expected);
});

test("a role that may be taken anywhere is more than the hub's policy says", () => {
  const wanted = present({ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: ['arn:aws:iam::*:role/muster-audit'] });
  const any = present({ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' });
  const one = present({ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: 'arn:aws:iam::1:role/muster-audit' });

  expect(differences(any, wanted)).toMatchObject([{ is: 'extra', what: 'sts:AssumeRole on *: wider than needed' }]);
  expect(differences(one, wanted)).toMatchObject([{ is: 'lacks' }]);
});

test('a trust policy without the external id, or with another principal, is told', () => {
  const trust = (principal: string, condition?: object) => ({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: principal },
        Action: 'sts:AssumeRole',
        ...(condition === undefined ? {} : { Condition: condition }),
      },
    ],
  });
  const ours = { StringEquals: { 'sts:ExternalId': 'ours' } };

  expect(
    differences(trust('arn:hub', { StringEquals: { 'sts:ExternalId': ['ours'] } }), trust('arn:hub', ours)),
  ).toEqual([]);
  expect(differences(trust('arn:hub'), trust('arn:hub', ours)).map(({ is, what }) => `${is} ${what}`)).toEqual([
    'lacks sts:AssumeRole by AWS arn:hub if {"StringEquals":{"sts:ExternalId":"ours"}}',
    'extra sts:AssumeRole by AWS arn:hub without a condition',
  ]);
});

test.each([
  ['aws iam get-policy-version', { PolicyVersion: { Document: WANTED, VersionId: 'v1' } }],
  ['aliyun ram GetPolicy', { DefaultPolicyVersion: { PolicyDocument: JSON.stringify(WANTED) } }],
  ['URL-encoded', { PolicyDocument: encodeURIComponent(JSON.stringify(WANTED)) }],
  [
    'Tencent Cloud',
    {
      version: '2.0',
      statement: [{ effect: 'allow', action: ['name/iam:GetCredentialReport', 'iam:ListUsers'], resource: '*' }],
    },
  ],
])('a policy is found in what %s prints', (_, printed) => {
  expect(differences(printed, WANTED)).toEqual([]);
  expect(statementsIn(printed)).toHaveLength(1);
});
