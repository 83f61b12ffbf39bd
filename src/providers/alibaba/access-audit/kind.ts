import { z } from 'zod';
import { auditLastsMs } from '../../../kit/shift.ts';
import type { ReportKind } from '../../provider.ts';
import { parseServiceAccess, SERVICE_ACCESS_PART } from '../../shared/service-access-table.ts';
import { ACCESS_AUDIT } from '../permissions.ts';
import { NativeSettings } from './native-settings.ts';
import { NOT_COUNTED } from './not-visible.ts';

export const ACCESS_KIND = 'access-audit';

const HOUR_MS = 60 * 60_000;

export const AccessSettings = z.strictObject({
  granularity: z
    .enum(['service', 'action'])
    .default('service')
    .describe('action: the actions that policies name and those that were used, too'),
  lookup: z
    .enum(['off', 'users', 'all'])
    .default('users')
    .describe("whose events ActionTrail is asked for: each user's; or all of the account, then those of roles too"),
  lookup_pages: z
    .number()
    .int()
    .min(1)
    .max(100_000)
    .default(200)
    .describe('answers of 50 events that are read at most: of each user; with lookup: all, of the account'),
  native: NativeSettings.optional().describe(
    "Alibaba Cloud's own access audit, an operation that it does not document; asked beside all others",
  ),
});
export type AccessSettings = z.infer<typeof AccessSettings>;

/** Keys are told of every hour, events within minutes. */
export const accessAudit: ReportKind = {
  cadenceMs: HOUR_MS,
  defaultEveryMs: 24 * HOUR_MS,
  settings: AccessSettings,
  permissions: ACCESS_AUDIT,
  attemptLastsMs: auditLastsMs,
  neverShown: NOT_COUNTED,
  parse: (parts) => parseServiceAccess(parts.get(SERVICE_ACCESS_PART)),
};
