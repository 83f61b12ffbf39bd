import type { ActionNote } from '../provider.ts';
import type { HUB_PERMISSIONS } from './organization-permissions.ts';
import type { ACCESS_AUDIT, KEY_AUDIT, NATIVE, Permission } from './permissions.ts';

type Note = Omit<ActionNote, 'action' | 'on'>;

const LARGE = 'above 3,500 users';
const LARGE_ONLY = { shows: 'nothing', words: 'nothing: it is asked above 3,500 users only' } as const;

const ACCOUNT: Readonly<Record<Permission | 'ims:GetAccountSummary', Note>> = {
  'ram:GenerateCredentialReport': {
    reads: 'has Alibaba Cloud make the credential report, at most every four hours; this changes nothing else',
    without: { shows: 'fault', words: 'no report' },
    elsewhere: { where: LARGE, shows: 'nothing', words: 'nothing: the cloud makes no report there' },
  },
  'ram:GetCredentialReport': {
    reads: 'the credential report: users, and the age and last use of their passwords and keys',
    without: { shows: 'fault', words: 'no report' },
    elsewhere: { where: LARGE, shows: 'nothing', words: 'nothing: the cloud makes no report there' },
  },
  'ram:GetAccountSummary': {
    reads:
      'the number of users, to see that no row of the report is missing, and whether the cloud makes a report at all',
    without: {
      shows: 'not-visible',
      words:
        'nothing to compare the report with: coverage is partial, and a real clean-up of most users has to be accepted by hand',
      says: "the cloud's own count of users, to compare the report with ",
    },
    elsewhere: { where: LARGE, shows: 'fault', words: 'no report' },
  },
  'ims:GetAccountSummary': {
    reads: 'the same: which of the two prefixes Alibaba Cloud wants is not documented',
    without: { shows: 'nothing', words: 'nothing, where the other prefix is the right one; else as without that' },
  },
  'ram:ListUsers': {
    reads: 'the ids of users, to join them with their keys',
    without: {
      shows: 'not-visible',
      words: 'no user ids and access key ids',
      says: 'user ids and access key ids (not allowed: ram:ListUsers)',
    },
    elsewhere: { where: LARGE, shows: 'fault', words: 'no report' },
  },
  'ram:ListAccessKeys': {
    reads: 'the ids of access keys (never the secrets)',
    without: { shows: 'not-visible', words: 'no access key ids', says: 'access key ids of ' },
    elsewhere: { where: LARGE, shows: 'fault', words: 'no report' },
  },
  'ram:GetLoginProfile': {
    reads: 'whether a user may sign in to the console; above 3,500 users, where the cloud makes no report',
    without: LARGE_ONLY,
    elsewhere: {
      where: LARGE,
      shows: 'not-visible',
      words: 'who may sign in to the console is unknown',
      says: 'console login of ',
    },
  },
  'ram:GetUserMFAInfo': {
    reads: 'whether a user has MFA; above 3,500 users, where the cloud makes no report',
    without: LARGE_ONLY,
    elsewhere: { where: LARGE, shows: 'not-visible', words: 'who has MFA is unknown', says: 'MFA of ' },
  },
  'ram:GetAccessKeyLastUsed': {
    reads: 'when a key was last used; above 3,500 users, where the cloud makes no report',
    without: LARGE_ONLY,
    elsewhere: {
      where: LARGE,
      shows: 'not-visible',
      words: 'when keys were last used is unknown',
      says: 'last use of a key of ',
    },
  },
};

type OfAudits =
  | (typeof ACCESS_AUDIT)['required' | 'optional'][number]
  | (typeof KEY_AUDIT)['required' | 'optional'][number]
  | (typeof NATIVE)[number];

const NO_ACCESS_AUDIT = { shows: 'fault', words: 'no access audit' } as const;
const NO_KEY_USES = {
  shows: 'not-visible',
  words: 'no services of keys, in either audit',
  says: 'keys whose services ActionTrail does not tell',
} as const;

/** What the audits need beside that. */
const AUDITS: Readonly<Record<Exclude<OfAudits, keyof typeof ACCOUNT>, Note>> = {
  'ram:ListRoles': { reads: 'the roles that an access audit tells of', without: NO_ACCESS_AUDIT },
  'ram:ListGroupsForUser': { reads: 'which groups a user is in', without: NO_ACCESS_AUDIT },
  'ram:ListPoliciesForUser': { reads: 'which policies a user has', without: NO_ACCESS_AUDIT },
  'ram:ListPoliciesForGroup': { reads: 'which policies a group gives to its users', without: NO_ACCESS_AUDIT },
  'ram:ListPoliciesForRole': { reads: 'which policies a role has', without: NO_ACCESS_AUDIT },
  'ram:GetPolicyVersion': { reads: 'what a policy says', without: NO_ACCESS_AUDIT },
  'ram:GetPolicy': {
    reads: 'what a policy says, where the list of policies does not name the version',
    without: { shows: 'nothing', words: 'nothing, where the list names the version; else no access audit' },
  },
  'actiontrail:GetAccessKeyLastUsedInfo': {
    reads: 'when an access key was last used',
    without: { shows: 'fault', words: 'no key audit' },
  },
  'actiontrail:GetAccessKeyLastUsedProducts': { reads: 'which services a key was used for', without: NO_KEY_USES },
  'actiontrail:GetAccessKeyLastUsedEvents': {
    reads: 'which events of a service a key caused',
    without: { shows: 'not-visible', words: 'no events of keys', says: 'services of keys without events' },
  },
  'actiontrail:GetAccessKeyLastUsedIps': {
    reads: 'from which addresses a key was used',
    without: { shows: 'not-visible', words: 'no addresses of keys', says: 'services of keys without addresses' },
  },
  'actiontrail:GetAccessKeyLastUsedResources': {
    reads: 'for which resources a key was used',
    without: { shows: 'not-visible', words: 'no resources of keys', says: 'services of keys without resources' },
  },
  'actiontrail:LookupEvents': {
    reads: 'what users and roles did in the last 90 days',
    without: {
      shows: 'not-visible',
      words: 'no uses in the console and by roles',
      says: 'identities: ActionTrail refused to look events up',
    },
  },
  'ram:GenerateServiceLastAccessedDetails': {
    reads: 'has Alibaba Cloud make its own access audit, where native is on: an operation that it does not document',
    without: { shows: 'nothing', words: 'nothing, unless native is on: then not_visible says so' },
  },
  'ram:GetServiceLastAccessedDetails': {
    reads: "Alibaba Cloud's own access audit, where native is on",
    without: { shows: 'nothing', words: 'nothing, unless native is on: then not_visible says so' },
  },
};

const HUB: Readonly<Record<'sts:AssumeRole' | (typeof HUB_PERMISSIONS)[number], Note>> = {
  'sts:AssumeRole': {
    reads: 'takes the reading role in each account',
    without: { shows: 'fault', words: 'no report of the accounts whose role cannot be taken' },
  },
  'resourcemanager:ListAccounts': {
    reads: 'which accounts the resource directory has',
    without: { shows: 'fault', words: 'new accounts are not found; those of the list that was filed last go on' },
  },
  'resourcemanager:GetResourceDirectory': {
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
  ...Object.entries(AUDITS).map(([action, note]) => ({ action, on: 'account' as const, ...note })),
  ...Object.entries(HUB).map(([action, note]) => ({ action, on: 'hub' as const, ...note })),
];
