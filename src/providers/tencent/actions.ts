import type { ActionNote } from '../provider.ts';
import type { HUB_PERMISSIONS } from './organization-permissions.ts';
import type { ACCESS_AUDIT, KEY_AUDIT, OPTIONAL, REQUIRED } from './permissions.ts';

type Note = Omit<ActionNote, 'action' | 'on'>;

const OLD_LISTS = 'where there is no ListAccounts';
const IN_LIST = { shows: 'nothing', words: 'nothing: ListAccounts tells of them' } as const;

type Action =
  | (typeof REQUIRED)[number]
  | (typeof OPTIONAL)[number]
  | (typeof KEY_AUDIT.optional)[number]
  | (typeof ACCESS_AUDIT.optional)[number];

const GRANTS = 'what policies give to ';

const ACCOUNT: Readonly<Record<Action, Note>> = {
  'sts:GetCallerIdentity': {
    reads: 'whose credentials these are, before anything is filed',
    without: { shows: 'fault', words: 'no report' },
  },
  'cam:ListAccounts': {
    reads: 'everybody who has access: sub-users, collaborators, WeCom users, message receivers, CIC users, agents',
    without: {
      shows: 'not-visible',
      words: 'the list of each type is asked instead; users of CIC and agents are not seen',
      says: 'users of CIC and agents ',
    },
  },
  'cam:ListUsers': {
    reads: 'sub-users, where there is no ListAccounts',
    without: { shows: 'nothing', words: 'nothing: ListAccounts tells of them' },
    elsewhere: { where: OLD_LISTS, shows: 'fault', words: 'no report' },
  },
  'cam:ListCollaborators': {
    reads: 'collaborators, where there is no ListAccounts',
    without: IN_LIST,
    elsewhere: {
      where: OLD_LISTS,
      shows: 'not-visible',
      words: 'no rows for them; denied after it was allowed: no report, because they would look deleted',
      says: 'collaborators ',
    },
  },
  'cam:ListWeChatWorkSubAccounts': {
    reads: 'users of WeCom, where there is no ListAccounts',
    without: IN_LIST,
    elsewhere: {
      where: OLD_LISTS,
      shows: 'not-visible',
      words: 'no rows for them; denied after it was allowed: no report, because they would look deleted',
      says: 'WeCom users ',
    },
  },
  'cam:ListReceiver': {
    reads: 'message receivers, where there is no ListAccounts',
    without: IN_LIST,
    elsewhere: {
      where: OLD_LISTS,
      shows: 'not-visible',
      words: 'no rows for them; denied after it was allowed: no report, because they would look deleted',
      says: 'message receivers ',
    },
  },
  'cam:ListAccessKeys': {
    reads: 'the ids, age and status of access keys (never the secrets)',
    without: { shows: 'fault', words: 'no report' },
  },
  'cam:DescribeSubAccounts': {
    reads: 'when somebody last signed in',
    without: {
      shows: 'not-visible',
      words: 'no last sign-ins; no creation times of message receivers',
      says: 'last sign-ins of ',
    },
  },
  'cam:GetSecurityLastUsed': {
    reads: 'when an access key was last used',
    without: { shows: 'not-visible', words: 'no last uses of keys', says: 'last uses of access keys of ' },
  },
  'cam:DescribeSafeAuthFlagColl': {
    reads: 'whether a second factor is asked for at sign-in and before sensitive operations',
    without: {
      shows: 'not-visible',
      words: 'no MFA, login protection and operation protection',
      says: 'login protection, operation protection and MFA of ',
    },
  },
  'cam:GetAccountSummary': {
    reads: 'the number of users, to see that no row is missing',
    without: {
      shows: 'not-visible',
      words:
        'nothing to compare the report with: coverage is partial, and a real clean-up of most users has to be accepted by hand',
      says: "the cloud's own count of users, to compare the report with ",
    },
  },
  'cloudaudit:LookUpEvents': {
    reads: 'what access keys were used for, and which services identities used (audits)',
    without: {
      shows: 'not-visible',
      words: 'key audit: only when a key was last used; access audit: grants without last uses',
      says: 'what access keys were used for ',
    },
    elsewhere: {
      where: 'in an access audit',
      shows: 'not-visible',
      words: 'grants without last uses',
      says: 'last uses of services ',
    },
  },
  'cam:DescribeRoleList': {
    reads: 'roles (access audit)',
    without: { shows: 'not-visible', words: 'no rows for roles', says: 'roles ' },
  },
  'cam:ListGroups': {
    reads: 'groups, where `groups` is on (access audit)',
    without: { shows: 'not-visible', words: 'no rows for groups', says: 'groups ' },
  },
  'cam:ListPoliciesGrantingServiceAccess': {
    reads: 'which services and actions policies give to whom (access audit)',
    without: { shows: 'not-visible', words: 'last uses without grants', says: GRANTS },
  },
  'cam:ListAttachedUserAllPolicies': {
    reads: 'which policies a user has, where there is no ListPoliciesGrantingServiceAccess (access audit)',
    without: { shows: 'not-visible', words: 'last uses of users without grants', says: GRANTS },
  },
  'cam:ListAttachedRolePolicies': {
    reads: 'the same of a role',
    without: { shows: 'not-visible', words: 'last uses of roles without grants', says: GRANTS },
  },
  'cam:ListAttachedGroupPolicies': {
    reads: 'the same of a group, where `groups` is on',
    without: { shows: 'not-visible', words: 'nothing is known of what groups give', says: GRANTS },
  },
  'cam:GetPolicy': {
    reads: 'what a policy says, where there is no ListPoliciesGrantingServiceAccess (access audit)',
    without: { shows: 'not-visible', words: 'policies without what they give', says: 'what policies say, of ' },
  },
};

const HUB: Readonly<Record<'name/sts:AssumeRole' | (typeof HUB_PERMISSIONS)[number], Note>> = {
  'name/sts:AssumeRole': {
    reads: 'takes the reading role in each account',
    without: { shows: 'fault', words: 'no report of the accounts whose role cannot be taken' },
  },
  'organization:DescribeOrganizationMembers': {
    reads: 'which accounts the organization has',
    without: { shows: 'fault', words: 'new accounts are not found; those of the list that was filed last go on' },
  },
  'organization:DescribeOrganization': {
    reads: 'which of these accounts manages the others',
    without: {
      shows: 'warning',
      words: 'the managing account is left out, unless the list tells it or it was read before',
    },
  },
};

/** The one place that says what losing an action costs. */
export const actions: readonly ActionNote[] = [
  ...Object.entries(ACCOUNT).map(([action, note]) => ({ action, on: 'account' as const, ...note })),
  ...Object.entries(HUB).map(([action, note]) => ({ action, on: 'hub' as const, ...note })),
];
