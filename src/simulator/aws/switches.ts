import { Fault } from '../../domain/fault.ts';
import type { Allow, SimulatedAccount } from './model.ts';
import { settle } from './report-machine.ts';
import { findUser, identityArn, roleArn, type World } from './world.ts';

export interface Permission {
  readonly account: string | undefined;
  /** A role's or a user's name, or its ARN. */
  readonly principal: string;
  readonly allow: Allow;
}

/** What roles and users may do, in one account or in all that have them; resolves to how many were changed. */
export function allowPrincipal(world: World, { account, principal, allow }: Permission): number {
  const accounts = account === undefined ? [...world.accounts.values()] : [accountOf(world, account)];
  const named = accounts.flatMap((candidate) => principalsOf(world, candidate, principal));
  if (named.length === 0) throw new Fault('misconfigured', `there is no principal ${principal}`);
  for (const found of named) found.allow = allow;
  return named.length;
}

function principalsOf(world: World, account: SimulatedAccount, wanted: string): { allow: Allow }[] {
  const roles = [...account.roles.values()].filter(
    (role) => role.name === wanted || roleArn(world, account.id, role.name) === wanted,
  );
  const user =
    findUser(account, wanted) ??
    [...account.users.values()].find((candidate) => identityArn(world, account, candidate) === wanted);
  return user === undefined ? roles : [...roles, user];
}

/** These very bytes become the account's next report; null takes them back. */
export function injectReport(world: World, body: Readonly<Record<string, unknown>>): unknown {
  const { account: id, csv_base64: csv } = body;
  if (typeof id !== 'string' || (csv !== null && typeof csv !== 'string'))
    throw new Fault('misconfigured', 'report: say {"account": "…", "csv_base64": "…" or null}');
  const account = accountOf(world, id);
  settle(world, account);
  account.report.injected = csv === null ? undefined : Buffer.from(csv, 'base64');
  return { bytes: account.report.injected?.length ?? 0 };
}

function accountOf(world: World, id: string): SimulatedAccount {
  const account = world.accounts.get(id);
  if (account === undefined) throw new Fault('misconfigured', `there is no account ${id}`);
  return account;
}
