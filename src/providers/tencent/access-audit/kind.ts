import { z } from 'zod';
import { auditLastsMs } from '../../../kit/shift.ts';
import type { ReportKind } from '../../provider.ts';
import { parseServiceAccess, SERVICE_ACCESS_PART } from '../../shared/service-access-table.ts';
import { Regions } from '../key-audit/kind.ts';
import { ACCESS_AUDIT } from '../permissions.ts';
import { NOT_COUNTED } from './not-visible.ts';

export const ACCESS_KIND = 'access-audit';

const HOUR_MS = 60 * 60_000;

export const AccessSettings = z.strictObject({
  granularity: z.enum(['service', 'action']).default('service').describe('action: the actions of each service, too'),
  groups: z.boolean().default(false).describe('groups beside users and roles'),
  regions: Regions,
});
export type AccessSettings = z.infer<typeof AccessSettings>;

export const accessAudit: ReportKind = {
  cadenceMs: HOUR_MS,
  defaultEveryMs: 24 * HOUR_MS,
  settings: AccessSettings,
  permissions: ACCESS_AUDIT,
  attemptLastsMs: auditLastsMs,
  neverShown: NOT_COUNTED,
  parse: (parts) => parseServiceAccess(parts.get(SERVICE_ACCESS_PART)),
};
