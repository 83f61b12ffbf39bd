import { formatSecond } from '../../kit/whole-second.ts';
import { AwsError, noSuchUser, validationError } from './aws-error.ts';
import type { Form, Xml } from './aws-query.ts';
import { type Identity, identitiesOf, type ServiceCredential, type SimulatedAccount, usersByName } from './model.ts';
import { pageOf } from './paging.ts';
import type { Principal } from './principals.ts';
import { findUser, identityArn, type World } from './world.ts';

export interface IamCall {
  readonly world: World;
  readonly account: SimulatedAccount;
  readonly principal: Principal;
  readonly form: Form;
}

export function listUsers(call: IamCall): Xml {
  const prefix = call.form.get('PathPrefix') ?? '/';
  const users = usersByName(call.account).filter((user) => user.path.startsWith(prefix));
  const page = pageOf(call.form, users, (user) => user.name.toLowerCase());
  return { Users: page.members.map((user) => userXml(call, user)), ...page.tail };
}

export function getUser(call: IamCall): Xml {
  return { User: userXml(call, askedUser(call)) };
}

export function listAccessKeys(call: IamCall): Xml {
  const user = askedUser(call);
  const keys = [...user.accessKeys].sort((one, other) => (one.id < other.id ? -1 : 1));
  const page = pageOf(call.form, keys, (key) => key.id);
  const metadata = page.members.map((key) => ({
    UserName: user.name,
    AccessKeyId: key.id,
    Status: key.active ? 'Active' : 'Inactive',
    CreateDate: formatSecond(key.createdAt),
  }));
  return { AccessKeyMetadata: metadata, ...page.tail };
}

export function getAccessKeyLastUsed(call: IamCall): Xml {
  const id = required(call.form, 'AccessKeyId', 'accessKeyId');
  const owner = call.world.keyOwners.get(id);
  if (owner === undefined || owner.account !== call.account)
    throw new AwsError(404, 'NoSuchEntity', `The Access Key with id ${id} cannot be found`);
  const { lastUsed } = owner.key;
  const used =
    lastUsed === undefined
      ? { ServiceName: 'N/A', Region: 'N/A' }
      : { LastUsedDate: formatSecond(lastUsed.at), ServiceName: lastUsed.service, Region: lastUsed.region };
  return { UserName: owner.identity.name, AccessKeyLastUsed: used };
}

export function listServiceSpecificCredentials(call: IamCall): Xml {
  const { account, form } = call;
  const owners = form.get('AllUsers') === 'true' ? identitiesOf(account) : [askedUser(call)];
  const service = form.get('ServiceName');
  const owned = owners
    .flatMap((user) => user.serviceCredentials.map((credential) => ({ user, credential })))
    .filter(({ credential }) => service === undefined || credential.service === service)
    .sort((one, other) => (one.credential.id < other.credential.id ? -1 : 1));
  const page = pageOf(form, owned, ({ credential }) => credential.id);
  return {
    ServiceSpecificCredentials: page.members.map(({ user, credential }) => serviceCredentialXml(user, credential)),
    ...page.tail,
  };
}

/** Everybody's MFA is a program on a phone here. */
export function listVirtualMfaDevices(call: IamCall): Xml {
  const { world, account, form } = call;
  const owners = [account.root, ...usersByName(account)].filter(({ mfa }) => mfa);
  const serialOf = (user: Identity) =>
    identityArn(world, account, user).replace(
      /:(root|user\/.*)$/,
      `:mfa/${user.kind === 'root' ? 'root-account-mfa-device' : user.name}`,
    );
  const page = pageOf(form, owners, serialOf);
  const devices = page.members.map((user) => ({ SerialNumber: serialOf(user), User: userXml(call, user) }));
  return { VirtualMFADevices: devices, ...page.tail };
}

/** Counts what is there now: this answer is not four hours old. */
export function getAccountSummary({ account }: IamCall): Xml {
  const { root } = account;
  const users = [...account.users.values()];
  const count = (isCounted: (user: Identity) => boolean) => users.filter(isCounted).length;
  const summary = new Map<string, number>([
    ['Users', users.length],
    ['UsersQuota', 5_000],
    ['Roles', account.roles.size],
    ['Groups', 0],
    ['MFADevices', count((user) => user.mfa)],
    ['MFADevicesInUse', count((user) => user.mfa)],
    ['AccountMFAEnabled', Number(root.mfa)],
    ['AccountPasswordPresent', Number(root.password !== undefined)],
    ['AccountAccessKeysPresent', Number(root.accessKeys.length > 0)],
    ['AccountSigningCertificatesPresent', Number(root.certificates.length > 0)],
    ['AccessKeysPerUserQuota', 2],
    ['SigningCertificatesPerUserQuota', 2],
  ]);
  return { SummaryMap: summary };
}

/** `UserName`, or the caller where a user calls. */
function askedUser(call: IamCall): Identity {
  const name = call.form.get('UserName');
  if (name === undefined) {
    const { identity } = call.principal;
    if (identity === undefined) throw validationError('Must specify userName when calling with non-User credentials');
    return identity;
  }
  const user = findUser(call.account, name);
  if (user === undefined) throw noSuchUser(name);
  return user;
}

function required(form: Form, name: string, member: string): string {
  const value = form.get(name);
  if (value !== undefined && value !== '') return value;
  throw validationError(
    `1 validation error detected: Value at '${member}' failed to satisfy constraint: Member must not be null`,
  );
}

export function userXml({ world, account }: IamCall, user: Identity): Xml {
  const { passwordLastUsedAt } = user;
  return {
    Path: user.path,
    UserName: user.kind === 'root' ? undefined : user.name,
    UserId: user.id,
    Arn: identityArn(world, account, user),
    CreateDate: formatSecond(user.createdAt),
    PasswordLastUsed: passwordLastUsedAt === undefined ? undefined : formatSecond(passwordLastUsedAt),
  };
}

function serviceCredentialXml(user: Identity, credential: ServiceCredential): Xml {
  return {
    UserName: user.name,
    Status: credential.active ? 'Active' : 'Inactive',
    ServiceUserName: credential.userName,
    CreateDate: formatSecond(credential.createdAt),
    ExpirationDate: credential.expiresAt === undefined ? undefined : formatSecond(credential.expiresAt),
    ServiceSpecificCredentialId: credential.id,
    ServiceName: credential.service,
  };
}
