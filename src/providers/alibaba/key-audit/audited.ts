import type { AuditDesk } from '../audit/desk.ts';
import type { Listed } from '../audit/identities.ts';
import type { ServiceUses } from '../audit/key-uses.ts';
import type { KeySettings } from './kind.ts';
import type { KeyUsed, OwnedKey } from './pages.ts';

export interface KeyDesk extends AuditDesk {
  readonly depth: KeySettings['depth'];
}

/** A key and all that was answered about it. */
export interface AuditedKey {
  readonly owner: Listed;
  readonly key: OwnedKey;
  readonly used: KeyUsed;
  /** By service, in the order of `used.products`. */
  readonly services: readonly { readonly service: string; readonly uses: ServiceUses }[];
}
