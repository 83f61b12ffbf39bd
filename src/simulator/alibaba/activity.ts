import { createHash } from 'node:crypto';
import { Fault } from '../../domain/fault.ts';
import { type Instant, parseInstant } from '../../domain/instant.ts';
import { wholeSecond } from '../../kit/whole-second.ts';
import type { TrailEvent } from './audit-state.ts';
import type { SimulatedAccount } from './model.ts';
import { mutate } from './mutate.ts';
import type { World } from './world.ts';

/** Something that a user (with a key or without) or a role did, as the control plane's JSON says it. */
export interface Activity {
  readonly account: string;
  readonly user?: string;
  readonly role?: string;
  readonly key_id?: string;
  readonly service: string;
  readonly event: string;
  readonly region?: string;
  readonly address?: string;
  /** `ACS::ECS::Instance i-1`. */
  readonly resource?: string;
  readonly at?: string;
}

/** Notes what was done, in the history too. A key's last use moves with it, as RAM sees it. */
export function act(world: World, activity: Activity): TrailEvent {
  const account = world.accounts.get(activity.account);
  if (account === undefined) throw new Fault('misconfigured', `there is no account ${activity.account}`);
  const at = wholeSecond((activity.at === undefined ? undefined : parseInstant(activity.at)) ?? world.clock.now());
  const event = eventOf(world, account, activity, at);
  account.audit.events.push(event);
  const { kind, name, keyId, service, event: called, region, address, resource } = event;
  world.history.add(at, {
    account: account.id,
    action: 'api.called',
    user: kind === 'role' ? `role/${name}` : name,
    user_id: '',
    ...(keyId === undefined ? {} : { key_id: keyId }),
    details: { service, event: called, region, address, ...(resource === undefined ? {} : { resource }) },
  });
  const key = keyId === undefined ? undefined : world.keyOwners.get(keyId)?.key;
  if (key?.active === true && (key.lastUsedAt ?? 0) < at)
    mutate(world, { account: account.id, do: 'use_key', user: name, key_id: key.id }, at);
  return event;
}

function eventOf(world: World, account: SimulatedAccount, activity: Activity, at: Instant): TrailEvent {
  const { user, role, key_id: keyId, service, event, region = 'ap-southeast-1', address = '203.0.113.10' } = activity;
  const isThere = user === undefined ? account.roles.has(role ?? '') : account.users.has(user);
  if (!isThere) throw new Fault('misconfigured', `there is no ${user ?? role ?? 'such identity'}`);
  const [type = '', name = ''] = activity.resource?.split(' ') ?? [];
  const text = JSON.stringify([world.seed, account.id, account.audit.events.length, activity, at]);
  return {
    id: createHash('sha256').update(text).digest('hex').slice(0, 32).toUpperCase(),
    at,
    kind: user === undefined ? 'role' : 'user',
    name: user ?? role ?? '',
    keyId,
    service,
    event,
    region,
    address,
    resource: name === '' ? undefined : { type, name },
  };
}
