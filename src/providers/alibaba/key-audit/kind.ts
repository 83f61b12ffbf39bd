import { z } from 'zod';
import { auditLastsMs } from '../../../kit/shift.ts';
import type { ReportKind } from '../../provider.ts';
import { KEY_USE_PART, parseKeyUse } from '../../shared/key-use-table.ts';
import { KEY_AUDIT } from '../permissions.ts';
import { NOT_COUNTED } from './not-visible.ts';

export const KEY_KIND = 'key-audit';

const HOUR_MS = 60 * 60_000;

export const KeySettings = z.strictObject({
  depth: z
    .enum(['info', 'products', 'full'])
    .default('full')
    .describe('info: when a key was last used; products: which services; full: events, addresses and resources too'),
});
export type KeySettings = z.infer<typeof KeySettings>;

/** ActionTrail refreshes what it knows of keys every hour. */
export const keyAudit: ReportKind = {
  cadenceMs: HOUR_MS,
  defaultEveryMs: 24 * HOUR_MS,
  settings: KeySettings,
  permissions: KEY_AUDIT,
  attemptLastsMs: auditLastsMs,
  neverShown: NOT_COUNTED,
  parse: (parts) => parseKeyUse(parts.get(KEY_USE_PART)),
};
