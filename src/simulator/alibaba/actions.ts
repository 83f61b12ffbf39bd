import { formatSecond } from '../../kit/whole-second.ts';
import { AlibabaError, notExist } from './alibaba-error.ts';
import { type Identity, principalName, type SimulatedAccount } from './model.ts';
import type { Principal } from './principals.ts';
import { fetchPage, generateReport } from './report-machine.ts';
import type { World } from './world.ts';

export interface Call {
  readonly world: World;
  readonly account: SimulatedAccount;
  readonly principal: Principal;
  readonly query: URLSearchParams;
}

export type Answer = Readonly<Record<string, unknown>>;
export type Action = (call: Call) => Answer;

/** Identity Management Service: users by principal name. */
export const IMS_ACTIONS: ReadonlyMap<string, Action> = new Map<string, Action>([
  ['GenerateCredentialReport', ({ world, account }) => ({ State: generateReport(world, account) })],
  ['GetCredentialReport', getCredentialReport],
  ['GetAccountSummary', getAccountSummary],
  ['ListUsers', (call) => listUsers(call, imsUser)],
  ['GetLoginProfile', getLoginProfile],
  ['GetUserMFAInfo', getUserMfaInfo],
]);

/** Resource Access Management: users by user name. */
export const RAM_ACTIONS: ReadonlyMap<string, Action> = new Map<string, Action>([
  ['ListUsers', (call) => listUsers(call, ramUser)],
  ['ListAccessKeys', listAccessKeys],
  ['GetAccessKeyLastUsed', getAccessKeyLastUsed],
]);

/** `IsTruncated` is a boolean here, although it is declared to be a string. */
function getCredentialReport({ world, account, query }: Call): Answer {
  const { content, generatedTime, nextToken } = fetchPage(world, account, query);
  return {
    Content: content,
    GeneratedTime: generatedTime,
    IsTruncated: nextToken !== undefined,
    ...(nextToken === undefined ? {} : { NextToken: nextToken }),
  };
}

function getAccountSummary({ account }: Call): Answer {
  const users = [...account.users.values()];
  const devices = users.filter((user) => user.mfa).length;
  return {
    SummaryMap: {
      Users: users.length,
      UsersQuota: 10_000,
      Groups: account.audit.groups.size,
      Roles: account.roles.size,
      Policies: account.audit.policies.size,
      MFADevices: devices,
      MFADevicesInUse: devices,
      AccessKeysPerUserQuota: 2,
    },
  };
}

function listUsers({ account, query }: Call, written: (account: SimulatedAccount, user: Identity) => Answer): Answer {
  const maxItems = Number(query.get('MaxItems') ?? 100);
  if (!Number.isInteger(maxItems) || maxItems < 1 || maxItems > 1_000)
    throw new AlibabaError(400, 'InvalidParameter.MaxItems', 'MaxItems must be 1 to 1000.');
  const after = markerOf(query.get('Marker'));
  const users = [...account.users.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  const rest = users.filter((user) => after === undefined || user.name > after);
  const page = rest.slice(0, maxItems);
  const last = page.at(-1);
  const isTruncated = rest.length > page.length;
  return {
    Users: { User: page.map((user) => written(account, user)) },
    IsTruncated: isTruncated,
    ...(isTruncated && last !== undefined ? { Marker: Buffer.from(`after:${last.name}`).toString('base64') } : {}),
  };
}

function markerOf(marker: string | null): string | undefined {
  if (marker === null || marker === '') return undefined;
  const text = Buffer.from(marker, 'base64').toString('utf8');
  if (!text.startsWith('after:')) throw new AlibabaError(400, 'InvalidParameter.Marker', 'The Marker is invalid.');
  return text.slice('after:'.length);
}

/** With the personal data that Alibaba Cloud shows, so that a test can see that it is not kept. */
function imsUser(account: SimulatedAccount, user: Identity): Answer {
  return {
    ...common(user),
    UserPrincipalName: principalName(account, user),
    // As in the documentation's sample: milliseconds, in a string.
    ...(user.lastLogonAt === undefined ? {} : { LastLoginDate: String(user.lastLogonAt) }),
    Status: 'active',
    ProvisionType: 'Manual',
  };
}

function ramUser(_: SimulatedAccount, user: Identity): Answer {
  return { ...common(user), UserName: user.name };
}

function common(user: Identity): Answer {
  return {
    UserId: user.id,
    DisplayName: `${user.name} (display)`,
    Email: `${user.name}@personal.example`,
    MobilePhone: '86-18600008888',
    Comments: '',
    CreateDate: formatSecond(user.createdAt),
    UpdateDate: formatSecond(user.createdAt),
  };
}

function getLoginProfile({ account, query }: Call): Answer {
  const user = byPrincipalName(account, query);
  if (user.console === undefined) throw notExist('User.LoginProfile');
  return {
    LoginProfile: {
      UserPrincipalName: principalName(account, user),
      Status: user.console.isActive ? 'Active' : 'Inactive',
      ...(user.lastLogonAt === undefined ? {} : { LastLoginTime: formatSecond(user.lastLogonAt) }),
      MFABindRequired: false,
      PasswordResetRequired: false,
      UpdateDate: formatSecond(user.console.changedAt),
    },
  };
}

function getUserMfaInfo({ account, query }: Call): Answer {
  const user = byPrincipalName(account, query);
  const device = { SerialNumber: `acs:ram::${account.id}:mfa/${user.name}`, Type: 'VMFA' };
  return { IsMFAEnable: user.mfa, ...(user.mfa ? { MFADevice: device } : {}) };
}

function listAccessKeys({ account, query }: Call): Answer {
  const user = byName(account, query);
  const keys = user.accessKeys.map(({ id, active, createdAt }) => ({
    AccessKeyId: id,
    Status: active ? 'Active' : 'Inactive',
    CreateDate: formatSecond(createdAt),
  }));
  return { AccessKeys: { AccessKey: keys } };
}

function getAccessKeyLastUsed({ account, query }: Call): Answer {
  const key = byName(account, query).accessKeys.find(({ id }) => id === query.get('UserAccessKeyId'));
  if (key === undefined) throw notExist('User.AccessKey');
  return { AccessKeyLastUsed: key.lastUsedAt === undefined ? {} : { LastUsedDate: formatSecond(key.lastUsedAt) } };
}

function byPrincipalName(account: SimulatedAccount, query: URLSearchParams): Identity {
  const wanted = query.get('UserPrincipalName') ?? '';
  const user = account.users.get(wanted.split('@')[0] ?? '');
  if (user === undefined || principalName(account, user) !== wanted) throw notExist('User');
  return user;
}

function byName(account: SimulatedAccount, query: URLSearchParams): Identity {
  const user = account.users.get(query.get('UserName') ?? '');
  if (user === undefined) throw notExist('User');
  return user;
}
