import { expect, test } from 'vitest';
import { organization } from '../../../test/kit/organization.ts';
import type { Account } from '../../domain/account.ts';
import type { PolicyNeeds } from '../provider.ts';
import { aws } from './index.ts';
import { hubSessionPolicy, sessionPolicy } from './permissions.ts';

const REPORTS = { 'credential-report': { everyMs: 1 } };
const ALL = [
  'iam:GenerateCredentialReport',
  'iam:GetAccountSummary',
  'iam:GetCredentialReport',
  'iam:ListAccessKeys',
  'iam:ListAccountAliases',
  'iam:ListServiceSpecificCredentials',
  'iam:ListUsers',
];

test('an account is given what its kinds declare, and nothing for what is switched off', () => {
  const documents = policiesOf({ accounts: [account('1', {}), account('2', { key_ids: false })], organizations: [] });

  expect(documents['account-policy-1']).toEqual({
    Version: '2012-10-17',
    Statement: [{ Sid: 'MusterReads', Effect: 'Allow', Action: ALL, Resource: '*' }],
  });
  expect(JSON.stringify(documents['account-policy-2'])).not.toContain('ListUsers');
  expect(documents['hub-policy']).toBeUndefined();
  expect(documents['account-trust']).toBeUndefined();
});

test('audits are given what they declare, only where they are listed, whatever key_ids says', () => {
  const actionsOf = (kind: string, settings: object) => {
    const reports = { [kind]: { everyMs: 1, settings } };
    const audited = { ...account('1', { key_ids: false }), reports };
    const document = policiesOf({ accounts: [audited], organizations: [] })['account-policy'];
    return (document as { Statement: [{ Action: string[] }] }).Statement[0].Action;
  };

  expect(actionsOf('access-audit', { groups: true })).toEqual([
    'iam:GenerateServiceLastAccessedDetails',
    'iam:GetServiceLastAccessedDetails',
    'iam:ListGroups',
    'iam:ListPoliciesGrantingServiceAccess',
    'iam:ListRoles',
    'iam:ListUsers',
  ]);
  expect(actionsOf('access-audit', {})).not.toContain('iam:ListGroups');
  expect(actionsOf('key-audit', { depth: 'info' })).not.toContain('cloudtrail:LookupEvents');
  expect(actionsOf('key-audit', {})).toEqual([
    'cloudtrail:LookupEvents',
    'iam:GetAccessKeyLastUsed',
    'iam:ListAccessKeys',
    'iam:ListUsers',
  ]);
});

test('a session may do what the kinds of the account need', () => {
  const { Statement } = JSON.parse(sessionPolicy()) as { Statement: [{ Action: string[] }] };
  const needed = Object.values(aws.kinds).flatMap(({ permissions }) => [
    ...permissions.required,
    ...permissions.optional,
  ]);

  expect(Statement[0].Action.toSorted()).toEqual([...new Set(needed)].toSorted());
  expect(sessionPolicy().length).toBeLessThan(2_048);
});

test('members trust the hub with the external id, and the hub may list and assume that role only', () => {
  const settings = aws.organization?.settings.parse({ role: 'muster-audit', external_id: 'ours' });
  const documents = policiesOf({
    accounts: [],
    organizations: [organization({ settings, reports: REPORTS })],
    hub: 'arn:aws:iam::111122223333:user/hub',
  });

  expect(documents).toEqual({
    'account-policy': expect.anything(),
    'account-trust': {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: 'arn:aws:iam::111122223333:user/hub' },
          Action: 'sts:AssumeRole',
          Condition: { StringEquals: { 'sts:ExternalId': 'ours' } },
        },
      ],
    },
    'hub-policy': {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'MusterAssumes',
          Effect: 'Allow',
          Action: 'sts:AssumeRole',
          Resource: ['arn:aws:iam::*:role/muster-audit'],
        },
        {
          Sid: 'MusterLists',
          Effect: 'Allow',
          Action: ['organizations:ListAccounts', 'organizations:ListTagsForResource'],
          Resource: '*',
        },
      ],
    },
  });
});

test('a hub that tells of central root access may ask for it', () => {
  const settings = aws.organization?.settings.parse({ role: 'muster-audit', root_access: true });
  const documents = policiesOf({
    accounts: [],
    organizations: [organization({ settings, reports: REPORTS, labelsFromTags: [] })],
  });

  expect(documents['hub-policy']).toMatchObject({
    Statement: [{}, { Action: ['organizations:ListAccounts', 'iam:ListOrganizationsFeatures'] }],
  });
});

test('a hub that is a role is named, roles of single accounts are named one by one, and the partition is theirs', () => {
  const hub = 'arn:aws-cn:iam::111122223333:role/hub';
  const auth = { assume_role: { role: 'audit', base: { assume_role: { role: hub } } } };

  const documents = policiesOf({ accounts: [account('7', { auth, region: 'cn-north-1' })], organizations: [] });

  expect(documents['account-trust']).toMatchObject({ Statement: [{ Principal: { AWS: hub } }] });
  expect(documents['hub-policy']).toMatchObject({
    Statement: [{ Resource: ['arn:aws-cn:iam::000000000007:role/audit'] }],
  });
});

test('tags of a session are an action of their own, on both sides', () => {
  const hub = 'arn:aws:iam::111122223333:role/hub';
  const tags = { team: 'audit' };
  const auth = {
    assume_role: { role: 'audit', external_id: 'ours', tags, base: { assume_role: { role: hub, tags } } },
  };

  const documents = policiesOf({ accounts: [account('7', { auth })], organizations: [] });

  expect(documents['account-trust']).toMatchObject({
    Statement: [
      { Action: 'sts:AssumeRole', Condition: expect.anything() },
      { Effect: 'Allow', Principal: { AWS: hub }, Action: 'sts:TagSession' },
    ],
  });
  expect(documents['hub-policy']).toMatchObject({
    Statement: [
      { Action: 'sts:AssumeRole' },
      { Action: ['sts:TagSession'], Resource: ['arn:aws:iam::000000000007:role/audit'] },
    ],
  });
  expect(documents['base-policy']).toMatchObject({ Statement: [{}, { Action: ['sts:TagSession'], Resource: [hub] }] });
  expect(hubSessionPolicy()).toContain('sts:TagSession');
});

test('a role that a pod takes is trusted to its service account, whoever names the role', () => {
  const trust = (auth: object) =>
    aws
      .policies?.({ accounts: [account('7', { auth })], organizations: [] })
      .find(({ name }) => name === 'account-trust');

  expect(trust({ web_identity: {} })).toMatchObject({
    about: 'who may take the role of AWS_ROLE_ARN in: account 000000000007 (000000000007)',
    document: {
      Statement: [
        {
          Principal: { Federated: 'REPLACE-WITH-THE-ARN-OF-THE-OIDC-PROVIDER' },
          Action: 'sts:AssumeRoleWithWebIdentity',
          Condition: { StringEquals: { 'REPLACE-WITH-THE-ISSUER:sub': expect.stringContaining('serviceaccount') } },
        },
      ],
    },
  });
  expect(trust({ web_identity: { role: 'audit' } })?.about).toContain('who may take audit in');
});

function account(id: string, settings: object): Account {
  const padded = id.padStart(12, '0');
  return {
    provider: 'aws',
    id: padded,
    name: padded,
    labels: {},
    reports: REPORTS,
    settings: aws.settings.parse(settings),
  };
}

function policiesOf(needs: PolicyNeeds): Record<string, unknown> {
  return Object.fromEntries((aws.policies?.(needs) ?? []).map(({ name, document }) => [name, document]));
}
