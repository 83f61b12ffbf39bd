import { createHash } from 'node:crypto';
import { Fault } from '../../domain/fault.ts';
import { formatInstant, type Instant, parseInstant } from '../../domain/instant.ts';
import type { TrailEvent } from './audit-state.ts';
import { arnOfRole } from './identities-of-audit.ts';
import type { SimulatedAccount } from './model.ts';
import { mutate } from './mutations/mutate.ts';
import { findUser, identityArn, type World } from './world.ts';

/** Something that a user (with a key) or a role did, as the control plane's JSON says it. */
export interface Activity {
  readonly account: string;
  readonly user?: string;
  readonly role?: string;
  readonly key_id?: string;
  readonly service: string;
  readonly event: string;
  readonly region?: string;
  readonly address?: string;
  readonly resources?: readonly { readonly type: string; readonly name: string }[];
  readonly at?: string;
  readonly error_code?: string;
  /** A data event. */
  readonly data?: boolean;
}

/** Notes what was done. A key's last use moves with it, as IAM sees it. */
export function act(world: World, activity: Activity): TrailEvent {
  const account = world.accounts.get(activity.account);
  if (account === undefined) throw new Fault('misconfigured', `there is no account ${activity.account}`);
  const at = (activity.at === undefined ? undefined : parseInstant(activity.at)) ?? world.clock.now();
  const { service, region = 'us-east-1', user, key_id: keyId } = activity;
  const event: TrailEvent = {
    id: idOf(world, account, activity, at),
    at: Math.floor(at / 1_000) * 1_000,
    region,
    identity: arnOf(world, account, activity),
    name: user ?? activity.role ?? '',
    keyId,
    service,
    event: activity.event,
    address: activity.address ?? '203.0.113.10',
    resources: activity.resources ?? [],
    errorCode: activity.error_code,
    isData: activity.data ?? false,
  };
  account.audit.events.push(event);
  if (user !== undefined && keyId !== undefined && isLater(world, keyId, at))
    mutate(world, { account: account.id, do: 'use_key', user, key_id: keyId, service, region }, at);
  return event;
}

export function parseActivity(given: Readonly<Record<string, unknown>>): Activity {
  const texts = ['account', 'service', 'event'].filter((name) => typeof given[name] !== 'string');
  if (texts.length > 0 || (typeof given['user'] !== 'string' && typeof given['role'] !== 'string'))
    throw new Fault(
      'misconfigured',
      'activity: say {"account", "user" or "role", "key_id", "service", "event", "region", "address", "resources", "at", "error_code", "data"}',
    );
  return given as unknown as Activity; // its texts were seen
}

/** The true history of calls, as it was told. */
export function activityOf(account: SimulatedAccount): readonly unknown[] {
  return account.audit.events.map((event) => ({ ...event, at: formatInstant(event.at) }));
}

function arnOf(world: World, account: SimulatedAccount, { user, role }: Activity): string {
  const found = user === undefined ? undefined : user === '<root_account>' ? account.root : findUser(account, user);
  if (found !== undefined) return identityArn(world, account, found);
  const taken = role === undefined ? undefined : account.roles.get(role);
  if (taken === undefined) throw new Fault('misconfigured', `there is no ${user ?? role ?? 'such identity'}`);
  return arnOfRole(world, account, taken);
}

function isLater(world: World, keyId: string, at: Instant): boolean {
  const owner = world.keyOwners.get(keyId);
  return owner !== undefined && owner.key.active && (owner.key.lastUsed?.at ?? 0) < at;
}

/** The same world has the same ids. */
function idOf(world: World, account: SimulatedAccount, activity: Activity, at: Instant): string {
  const text = JSON.stringify([world.seed, account.id, account.audit.events.length, activity, at]);
  const hex = createHash('sha256').update(text).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}
