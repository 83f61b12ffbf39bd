import type { AuditCheck } from './audit-check.ts';
import { dataKeyUseContradicts } from './data-key-use-contradicts.ts';
import { keyManyPlaces } from './key-many-places.ts';
import { policyUnused } from './policy-unused.ts';
import { userPermissionsStale } from './user-permissions-stale.ts';

/** Every check of an audit: one file and one line each. */
export const auditChecks: readonly AuditCheck[] = [
  userPermissionsStale,
  policyUnused,
  keyManyPlaces,
  dataKeyUseContradicts,
];
