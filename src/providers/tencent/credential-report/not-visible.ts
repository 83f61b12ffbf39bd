import { isNotAllowed } from '../faults.ts';
import type { MissingList } from './listing.ts';

/** What could not be found out, beside what Tencent never tells. */
export interface Missing {
  readonly lists: readonly MissingList[];
  /** By action: how many it was refused for, and the code of the first. */
  readonly actions: ReadonlyMap<string, { readonly count: number; readonly code: string }>;
  readonly furtherKeys: number;
  /** Tencent's code, where it refused to count. */
  readonly uncounted?: string | undefined;
}

/** What the public API never tells. */
export const NEVER_SHOWN = [
  'when passwords were last changed (Tencent Cloud has no public API for it)',
  'unusual sign-ins of the last 30 days (no public API)',
  'whether Tencent Cloud thinks that an access key is at risk (no public API)',
  'whether an MFA device is bound: that one is asked for is all that is told',
  'the main account itself: its password, its MFA and its access keys',
  'roles, their sessions, and identities that sign in by federation',
];

const PEOPLE: Readonly<Record<string, string>> = {
  Collaborator: 'collaborators',
  WechatCorpUser: 'WeCom users',
  MessageReceiver: 'message receivers',
  CICUser: 'users of CIC and agents',
};

const COUNT = "the cloud's own count of users, to compare the report with";

const FIELDS: Readonly<Record<string, string>> = {
  'cam:DescribeSubAccounts': 'last sign-ins',
  'cam:ListAccessKeys': 'access keys',
  'cam:DescribeSafeAuthFlagColl': 'login protection, operation protection and MFA',
  'cam:GetSecurityLastUsed': 'last uses of access keys',
};

export function notVisible(missing: Missing): readonly string[] {
  const { furtherKeys, lists } = missing;
  return [
    ...NEVER_SHOWN,
    ...lists.filter(({ code }) => code === 'site').map(listLine),
    ...notAsked(missing),
    ...(furtherKeys === 0 ? [] : [`${furtherKeys} access keys beyond the second of a user`]),
  ];
}

/** What was to be had, and was refused. */
export function notAsked({ lists, actions, uncounted }: Missing): readonly string[] {
  return [
    ...lists.filter(({ code }) => code !== 'site').map(listLine),
    ...[...actions].map(([action, { count, code }]) => {
      const whose = action === 'cam:GetSecurityLastUsed' ? 'keys' : 'accounts';
      return `${FIELDS[action] ?? action} of ${count} ${whose} (${reasonOf(action, code)})`;
    }),
    ...(uncounted === undefined ? [] : [`${COUNT} (${reasonOf('cam:GetAccountSummary', uncounted)})`]),
  ];
}

function listLine({ type, action, code }: MissingList): string {
  return `${PEOPLE[type] ?? type} (${reasonOf(action, code)})`;
}

function reasonOf(action: string, code: string): string {
  if (code === 'site') return 'the international site has no API for them';
  return isNotAllowed(code) ? `not allowed: ${action}` : `the cloud refused: ${code}`;
}

/** Personal data that the answers held, and that was not kept. */
export const CUT: readonly string[] = [
  'ListAccounts.Users: PhoneNum, CountryCode, Email, Remark',
  'ListUsers.Data: PhoneNum, CountryCode, Email, Remark, NickName',
  'ListCollaborators.Data: PhoneNum, CountryCode, Email, Remark',
  'ListWeChatWorkSubAccounts.Data: PhoneNum, CountryCode, Email, Remark, WeChatWorkUserId',
  'ListReceiver.Receivers: PhoneNumber, CountryCode, Email, Remark',
  'DescribeSubAccounts.SubAccounts: LastLoginIp, Remark',
];
