import { z } from 'zod';
import { auditLastsMs } from '../../../kit/shift.ts';
import type { ReportKind } from '../../provider.ts';
import { KEY_USE_PART, parseKeyUse } from '../../shared/key-use-table.ts';
import { KEY_AUDIT } from '../permissions.ts';
import { NOT_COUNTED } from './not-visible.ts';

export const KEY_KIND = 'key-audit';

const HOUR_MS = 60 * 60_000;
const Region = z.string().regex(/^[a-z]{2,6}(?:-[a-z]+)+(?:-\d{1,2})?$/, 'must be a region such as ap-guangzhou');

export const Regions = z
  .array(Region)
  .min(1)
  .optional()
  .describe("the CloudAudit that is asked, region by region; default: the account's region");

export const KeySettings = z.strictObject({
  depth: z
    .enum(['info', 'products', 'full'])
    .default('full')
    .describe('info: when a key was last used; products: which services; full: events, addresses and resources too'),
  regions: Regions,
});
export type KeySettings = z.infer<typeof KeySettings>;

export const keyAudit: ReportKind = {
  cadenceMs: HOUR_MS,
  defaultEveryMs: 24 * HOUR_MS,
  settings: KeySettings,
  permissions: KEY_AUDIT,
  attemptLastsMs: auditLastsMs,
  neverShown: NOT_COUNTED,
  parse: (parts) => parseKeyUse(parts.get(KEY_USE_PART)),
};
