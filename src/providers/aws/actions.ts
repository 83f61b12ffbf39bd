import type { ActionNote } from '../provider.ts';
import type { ACCESS_AUDIT, HUB_PERMISSIONS, KEY_AUDIT, OPTIONAL, REQUIRED } from './permissions.ts';

type Note = Omit<ActionNote, 'action' | 'on'>;

const ACCOUNT: Readonly<Record<(typeof REQUIRED)[number] | (typeof OPTIONAL)[number], Note>> = {
  'iam:GenerateCredentialReport': {
    reads: 'has AWS make the credential report, at most every four hours; this changes nothing else',
    without: { shows: 'fault', words: 'no report' },
  },
  'iam:GetCredentialReport': {
    reads: 'the credential report: users, and the age and last use of their passwords and keys',
    without: { shows: 'fault', words: 'no report' },
  },
  'iam:ListUsers': {
    reads: 'the ids of users, to join them with their keys',
    without: {
      shows: 'not-visible',
      words: 'no user ids and access key ids',
      says: 'user ids and access key ids (not allowed: iam:ListUsers)',
    },
  },
  'iam:ListAccessKeys': {
    reads: 'the ids of access keys (never the secrets)',
    without: { shows: 'not-visible', words: 'no access key ids', says: 'access key ids of ' },
  },
  'iam:ListServiceSpecificCredentials': {
    reads: 'which users have API keys for CodeCommit, Keyspaces, Bedrock and others (never the keys)',
    without: {
      shows: 'not-visible',
      words: 'no API keys for CodeCommit, Keyspaces, Bedrock and others',
      says: 'service-specific credentials ',
    },
  },
  'iam:GetAccountSummary': {
    reads: 'the number of users, to see that no row of the report is missing',
    without: {
      shows: 'not-visible',
      words:
        'nothing to compare the report with: coverage is partial, and a real clean-up of most users has to be accepted by hand',
      says: "the cloud's own count of users, to compare the report with ",
    },
  },
  'iam:GetAccountAuthorizationDetails': {
    reads: 'the tags of users, where user_tags is on; AWS sends their policies along, which are not kept',
    without: { shows: 'not-visible', words: 'no tags of users', says: 'tags of users ' },
  },
  'iam:ListVirtualMFADevices': {
    reads: "the virtual MFA devices, where root_mfa is on, to see whether the root's is one",
    without: {
      shows: 'not-visible',
      words: "whether the root's MFA device is a virtual one is not known",
      says: "whether the root's MFA device is a virtual one ",
    },
  },
  'iam:ListAccountAliases': {
    reads: "the account's alias",
    without: { shows: 'not-visible', words: "the account's alias is not known", says: "the account's alias " },
  },
};

type OfAudits =
  | (typeof ACCESS_AUDIT)['required' | 'optional'][number]
  | (typeof KEY_AUDIT)['required' | 'optional'][number];

/** What the audits need beside that. */
const AUDITS: Readonly<Record<Exclude<OfAudits, keyof typeof ACCOUNT>, Note>> = {
  'iam:ListRoles': {
    reads: 'the roles that an access audit asks about',
    without: { shows: 'fault', words: 'no access audit' },
  },
  'iam:ListGroups': {
    reads: 'the groups that an access audit asks about, where groups is on',
    without: { shows: 'fault', words: 'no access audit where groups is on' },
  },
  'iam:GenerateServiceLastAccessedDetails': {
    reads: 'has AWS find out which services an identity may use and when it last did; this changes nothing else',
    without: { shows: 'fault', words: 'no access audit' },
  },
  'iam:GetServiceLastAccessedDetails': {
    reads: 'which services an identity may use, and when it last did',
    without: { shows: 'fault', words: 'no access audit' },
  },
  'iam:ListPoliciesGrantingServiceAccess': {
    reads: 'which policies give an identity a service',
    without: {
      shows: 'not-visible',
      words: 'which policy gives a service is not known',
      says: 'which policy gives a service',
    },
  },
  'iam:GetAccessKeyLastUsed': {
    reads: 'when an access key was last used, where and by which service',
    without: { shows: 'fault', words: 'no key audit' },
  },
  'cloudtrail:LookupEvents': {
    reads: 'what access keys were used for, in the last 90 days',
    without: {
      shows: 'not-visible',
      words: 'only when each key was last used',
      says: 'uses of keys: cloudtrail:LookupEvents is denied',
    },
  },
};

const HUB: Readonly<Record<(typeof HUB_PERMISSIONS)[number], Note>> = {
  'sts:AssumeRole': {
    reads: 'takes the reading role in each account',
    without: { shows: 'fault', words: 'no report of the accounts whose role cannot be taken' },
  },
  'sts:TagSession': {
    reads: 'gives the session in each account its tags, where tags are configured',
    without: { shows: 'fault', words: 'no report of the accounts whose sessions have tags' },
  },
  'organizations:ListAccounts': {
    reads: 'which accounts the organization has',
    without: { shows: 'fault', words: 'new accounts are not found; those of the list that was filed last go on' },
  },
  'organizations:ListTagsForResource': {
    reads: 'tags of accounts that become labels',
    without: { shows: 'warning', words: 'no labels from tags; those that were read last count on' },
  },
  'iam:ListOrganizationsFeatures': {
    reads: 'whether the root users of all members are managed centrally, where root_access is on',
    without: {
      shows: 'not-visible',
      words: 'whether the root users of all members are managed centrally is not known',
      says: 'central root access',
    },
  },
};

/** The one place that says what losing an action costs. */
export const actions: readonly ActionNote[] = [
  ...Object.entries(ACCOUNT).map(([action, note]) => ({ action, on: 'account' as const, ...note })),
  ...Object.entries(AUDITS).map(([action, note]) => ({ action, on: 'account' as const, ...note })),
  ...Object.entries(HUB).map(([action, note]) => ({ action, on: 'hub' as const, ...note })),
];
