import type { TencentAccount, TencentUser, UserType } from './model.ts';
import { USER_TYPES } from './model.ts';
import type { TencentPrincipal } from './principals.ts';
import { invalidAction, TencentError } from './tencent-error.ts';
import { naive, type TencentWorld } from './world.ts';

interface CamCall {
  readonly world: TencentWorld;
  readonly account: TencentAccount;
  readonly principal: TencentPrincipal;
  readonly request: Readonly<Record<string, unknown>>;
}

type CamAction = (call: CamCall) => object;

export const CAM_ACTIONS: ReadonlyMap<string, CamAction> = new Map<string, CamAction>([
  ['ListAccounts', listAccounts],
  ['ListUsers', ({ account }) => ({ Data: ofType(account, 'SubUser').map(subAccount) })],
  ['ListCollaborators', (call) => offsetPage(call, 'Collaborator', 'Data', 'TotalNum', subAccount)],
  ['ListWeChatWorkSubAccounts', (call) => offsetPage(call, 'WechatCorpUser', 'Data', 'TotalCount', weComUser)],
  ['ListReceiver', (call) => offsetPage(call, 'MessageReceiver', 'Receivers', 'TotalCount', receiver)],
  ['DescribeSubAccounts', describeSubAccounts],
  ['ListAccessKeys', listAccessKeys],
  ['GetSecurityLastUsed', getSecurityLastUsed],
  ['DescribeSafeAuthFlagColl', describeSafeAuthFlagColl],
  ['GetUserAppId', ({ account, principal }) => ({ Uin: principal.userId, OwnerUin: account.id, AppId: 1_250_000_000 })],
  ['GetAccountSummary', getAccountSummary],
]);

/** What only cloud.tencent.com has. */
export const MAINLAND_ONLY: ReadonlySet<string> = new Set([
  'ListAccounts',
  'ListPoliciesGrantingServiceAccess',
  'ListReceiver',
  'ListWeChatWorkSubAccounts',
]);

function listAccounts({ account, request }: CamCall): object {
  if (!account.hasListAccounts) throw invalidAction('ListAccounts');
  const limit = wholeNumber(request, 'MaxItems', 20, 1, 100);
  const marker = request['Marker'];
  const after = typeof marker === 'string' && marker !== '' ? readMarker(marker) : -1;
  const all = [...(account.listsOwner ? [owner(account)] : []), ...[...account.users.values()].map(accountUser)];
  const end = after + 1 + limit;
  const isTruncated = end < all.length;
  const next = isTruncated ? Buffer.from(`a:${end - 1}`).toString('base64') : '';
  return { Users: all.slice(after + 1, end), IsTruncated: isTruncated, Marker: next };
}

function readMarker(marker: string): number {
  const match = /^a:(\d+)$/.exec(Buffer.from(marker, 'base64').toString('utf8'));
  if (match === null) throw new TencentError('InvalidParameter.PaginationTokenInvalid', 'The marker is invalid.');
  return Number(match[1]);
}

function owner(account: TencentAccount): object {
  return {
    Uin: Number(account.id),
    Name: account.name,
    Uid: 1,
    Remark: '',
    ConsoleLogin: 1,
    PhoneNum: '13800000000',
    CountryCode: '86',
    Email: 'owner@example.com',
    CreateTime: naive(account.createdAt),
    UserType: 'Owner',
  };
}

function accountUser(user: TencentUser): object {
  const { NickName: _, ...rest } = subAccount(user);
  return { ...rest, UserType: user.type };
}

function subAccount(user: TencentUser) {
  return {
    Uin: user.uin,
    Name: user.name,
    Uid: user.uid,
    Remark: `remark of ${user.name}`,
    ConsoleLogin: Number(user.console),
    PhoneNum: phoneOf(user),
    CountryCode: '86',
    Email: emailOf(user),
    CreateTime: naive(user.createdAt),
    NickName: `nick-${user.uid}`,
  };
}

function weComUser(user: TencentUser): object {
  return { ...subAccount(user), WeChatWorkUserId: `wecom-${user.uid}` };
}

function receiver(user: TencentUser): object {
  return {
    Uid: user.uid,
    Uin: user.uin,
    Name: user.name,
    Remark: `remark of ${user.name}`,
    PhoneNumber: phoneOf(user),
    PhoneFlag: 1,
    Email: emailOf(user),
    EmailFlag: 1,
    IsReceiverOwner: 0,
    WechatFlag: 0,
    CountryCode: '86',
  };
}

/** Made up, and easy to find where they must not be. */
function phoneOf(user: TencentUser): string {
  return `139${String(user.uid).padStart(8, '0')}`;
}

function emailOf(user: TencentUser): string {
  return `private-${user.uid}@example.com`;
}

function offsetPage(call: CamCall, type: UserType, list: string, total: string, write: (user: TencentUser) => object) {
  const all = ofType(call.account, type);
  const offset = wholeNumber(call.request, 'Offset', 0, 0, 1_000_000);
  const limit = wholeNumber(call.request, 'Limit', 20, 1, 100);
  return { [total]: all.length, [list]: all.slice(offset, offset + limit).map(write) };
}

function describeSubAccounts({ account, request }: CamCall): object {
  const uins = numbers(request, 'FilterSubAccountUin', 50);
  const users = uins.flatMap((uin) => account.users.get(uin) ?? []);
  return {
    SubAccounts: users.map((user) => ({
      Uin: user.uin,
      Name: user.name,
      Uid: user.uid,
      Remark: `remark of ${user.name}`,
      CreateTime: naive(user.createdAt),
      UserType: USER_TYPES[user.type],
      LastLoginIp: user.lastLoginAt === undefined ? '' : '203.0.113.7',
      LastLoginTime: user.lastLoginAt === undefined ? null : naive(user.lastLoginAt),
    })),
  };
}

function listAccessKeys({ account, principal, request }: CamCall): object {
  const target = request['TargetUin'] ?? principal.user?.uin;
  const { keys } = userOf(account, target, 'InvalidParameter.UserNotExist');
  const listed = keys.map((key) => ({
    AccessKeyId: key.id,
    Status: key.active ? 'Active' : 'Inactive',
    CreateTime: naive(key.createdAt),
    Description: null,
  }));
  return { AccessKeys: listed.length === 0 ? null : listed };
}

function getSecurityLastUsed({ world, account, request }: CamCall): object {
  const ids = request['SecretIdList'];
  if (!Array.isArray(ids) || ids.length === 0 || ids.length > 10)
    throw new TencentError('InvalidParameter', 'SecretIdList: 1 to 10 are allowed');
  return {
    SecretIdLastUsedRows: ids.flatMap((id: unknown) => {
      const known = world.keyOwners.get(String(id));
      if (known === undefined || known.account !== account) return [];
      const { lastUsedAt } = known.key;
      const day = lastUsedAt === undefined ? null : naive(lastUsedAt - 86_400_000).slice(0, 10);
      return [{ SecretId: id, LastUsedDate: day, LastSecretUsedDate: lastUsedAt ?? null }];
    }),
  };
}

function describeSafeAuthFlagColl({ account, request }: CamCall): object {
  const user = userOf(account, request['SubUin'], 'ResourceNotFound.UserNotExist');
  return {
    LoginFlag: flagsOf(user.loginFlags),
    ActionFlag: flagsOf(user.actionFlags),
    OffsiteFlag: { VerifyFlag: 0, NotifyPhone: 1, NotifyEmail: 1, NotifyWechat: 1, Tips: 0 },
    PromptTrust: 0,
  };
}

const FLAGS = ['Phone', 'Token', 'Stoken', 'Wechat', 'Custom', 'Mail', 'U2FToken', 'Passkey'];

function flagsOf(set: readonly string[]): object {
  return Object.fromEntries(FLAGS.map((name) => [name, Number(set.includes(name))]));
}

function getAccountSummary({ account }: CamCall): object {
  const User = ofType(account, 'SubUser').length;
  return { Policies: 1_200, Roles: account.roles.size, User, Group: 0, Member: 0, IdentityProviders: 0 };
}

function ofType(account: TencentAccount, type: UserType): readonly TencentUser[] {
  return [...account.users.values()].filter((user) => user.type === type);
}

function userOf(account: TencentAccount, uin: unknown, code: string): TencentUser {
  const user = typeof uin === 'number' && uin !== 0 ? account.users.get(uin) : undefined;
  if (user === undefined) throw new TencentError(code, 'The user does not exist.');
  return user;
}

function numbers(request: CamCall['request'], name: string, most: number): readonly number[] {
  const given = request[name];
  if (
    !Array.isArray(given) ||
    given.length === 0 ||
    given.length > most ||
    given.some((one) => !Number.isSafeInteger(one))
  )
    throw new TencentError('InvalidParameter', `${name}: 1 to ${most} whole numbers are allowed`);
  return given as readonly number[]; // whole numbers, as seen
}

function wholeNumber(request: CamCall['request'], name: string, fallback: number, least: number, most: number): number {
  const given = request[name] ?? fallback;
  if (typeof given !== 'number' || !Number.isInteger(given) || given < least || given > most)
    throw new TencentError('InvalidParameter', `${name}: ${least} to ${most} is allowed`);
  return given;
}
