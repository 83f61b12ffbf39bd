import { Fault } from '../../domain/fault.ts';
import { type Instant, parseInstant } from '../../domain/instant.ts';
import { told } from '../cloud.ts';
import type { TrailEvent } from './audit-state.ts';
import type { SimulatedAccount } from './model.ts';
import { mutate } from './mutations/mutate.ts';
import { type Done, note } from './trail-events.ts';
import type { World } from './world.ts';

/** Something that was done, as the control plane's JSON says it. */
export interface Activity extends Omit<Done, 'at'> {
  readonly account: string;
  readonly at?: string;
}

/** Notes what was done. A key's last use moves with it, as IAM sees it. */
export function act(world: World, { account: id, at: told, ...done }: Activity): TrailEvent {
  const account = world.accounts.get(id);
  if (account === undefined) throw new Fault('misconfigured', `there is no account ${id}`);
  const at = (told === undefined ? undefined : parseInstant(told)) ?? world.clock.now();
  const event = note(world, account, { ...done, at });
  const { user, key_id, service, region = 'us-east-1' } = done;
  if (user !== undefined && key_id !== undefined && isLater(world, key_id, at))
    mutate(world, { account: id, do: 'use_key', user, key_id, service, region, isNoted: true }, at);
  return event;
}

export function parseActivity(given: Readonly<Record<string, unknown>>): Activity {
  const missing = ['account', 'service', 'event'].filter((name) => typeof given[name] !== 'string');
  if (missing.length > 0 || (typeof given['user'] !== 'string' && typeof given['role'] !== 'string'))
    throw new Fault(
      'misconfigured',
      'activity: say {"account", "user" or "role", "key_id", "service", "event", "region", "address", "resources", "at", "error_code", "data"}',
    );
  return given as unknown as Activity; // its texts were seen
}

/** The true history of calls, as it was told. */
export function activityOf(account: SimulatedAccount): readonly unknown[] {
  return told(account.audit.events);
}

function isLater(world: World, keyId: string, at: Instant): boolean {
  const owner = world.keyOwners.get(keyId);
  return owner !== undefined && owner.key.active && (owner.key.lastUsed?.at ?? 0) < at;
}
