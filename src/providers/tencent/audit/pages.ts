import type { Attempt } from '../../../domain/attempt.ts';
import { type Pages as Kept, pagesOf } from '../../../kit/attempt-pages.ts';
import type { Pages } from '../credential-report/pages.ts';

/** As the pages of a credential report; and what was kept can be looked at without asking. */
export type AuditPages = Pages & Kept;

/** `taken` holds what was read or kept before, so that nothing is read twice. */
export function auditPagesOf(attempt: Attempt, taken: Map<string, unknown>, accountId: string): AuditPages {
  return { taken, ...pagesOf(attempt, taken, accountId) };
}
