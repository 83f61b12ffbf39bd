import { createHash } from 'node:crypto';
import type { Instant } from '../../domain/instant.ts';
import type { AuditEvent } from './audit-state.ts';
import type { TencentAccount } from './model.ts';

/** Something that was done, as CloudAudit will tell it. */
export type Done = Omit<AuditEvent, 'id'>;

/** Its id. */
export function note(account: TencentAccount, done: Done): string {
  const id = idOf(account, done.at, done);
  account.audit.events.push({ id, ...done });
  return id;
}

function idOf({ id, audit }: TencentAccount, at: Instant, { service, event, keyId }: Done): string {
  const text = JSON.stringify([id, audit.events.length, at, service, event, keyId]);
  return createHash('sha256').update(text).digest('hex').slice(0, 33);
}
