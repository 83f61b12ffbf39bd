import type { AuditDesk } from '../audit/desk.ts';
import { isRefused } from '../audit/refusal.ts';
import type { Seen } from './events.ts';
import type { Holding, Holdings } from './holdings.ts';
import type { KeyUses } from './key-part.ts';
import type { AccessSettings } from './kind.ts';
import type { NativePage } from './native.ts';

export interface AccessDesk extends AuditDesk {
  readonly settings: AccessSettings;
}

/** All that was answered, by identity. */
export interface Gathered extends Holdings {
  readonly keys: ReadonlyMap<string, KeyUses>;
  readonly seen: readonly Seen[];
  readonly native: readonly (NativePage | undefined)[];
}

export function keysOf({ keys }: Holding): readonly string[] {
  return keys === 'gone' || isRefused(keys) ? [] : keys.map(({ id }) => id);
}
