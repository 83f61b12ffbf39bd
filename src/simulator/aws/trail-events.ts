import { createHash } from 'node:crypto';
import { Fault } from '../../domain/fault.ts';
import type { Instant } from '../../domain/instant.ts';
import { wholeSecond } from '../../kit/whole-second.ts';
import type { TrailEvent } from './audit-state.ts';
import { arnOfRole } from './identities-of-audit.ts';
import { ROOT_NAME, type SimulatedAccount } from './model.ts';
import { findUser, identityArn, type World } from './world.ts';

/** Something that a user (with a key) or a role did. */
export interface Done {
  readonly user?: string;
  readonly role?: string;
  readonly key_id?: string;
  readonly service: string;
  readonly event: string;
  readonly region?: string;
  readonly address?: string;
  readonly resources?: readonly { readonly type: string; readonly name: string }[];
  readonly error_code?: string;
  /** A data event. */
  readonly data?: boolean;
  readonly at: Instant;
}

/** The true history of calls. The same world has the same ids. */
export function note(world: World, account: SimulatedAccount, done: Done): TrailEvent {
  const event: TrailEvent = {
    id: idOf(world, account, done),
    at: wholeSecond(done.at),
    region: done.region ?? 'us-east-1',
    identity: arnOf(world, account, done),
    name: done.user ?? done.role ?? '',
    keyId: done.key_id,
    service: done.service,
    event: done.event,
    address: done.address ?? '203.0.113.10',
    resources: done.resources ?? [],
    errorCode: done.error_code,
    isData: done.data ?? false,
  };
  account.audit.events.push(event);
  return event;
}

function arnOf(world: World, account: SimulatedAccount, { user, role }: Done): string {
  const found = user === undefined ? undefined : user === ROOT_NAME ? account.root : findUser(account, user);
  if (found !== undefined) return identityArn(world, account, found);
  const taken = role === undefined ? undefined : account.roles.get(role);
  if (taken === undefined) throw new Fault('misconfigured', `there is no ${user ?? role ?? 'such identity'}`);
  return arnOfRole(world, account, taken);
}

function idOf(world: World, account: SimulatedAccount, done: Done): string {
  const text = JSON.stringify([world.seed, account.id, account.audit.events.length, done]);
  const hex = createHash('sha256').update(text).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}
