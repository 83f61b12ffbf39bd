import type { Instant } from '../../src/domain/instant.ts';
import type { RawReport } from '../../src/domain/report.ts';
import { inTurns } from '../../src/kit/steps.ts';
import { KEY_USE_PART, writeKeyUse } from '../../src/providers/shared/key-use-table.ts';
import { SERVICE_ACCESS_PART, writeServiceAccess } from '../../src/providers/shared/service-access-table.ts';
import { ACCOUNT, rawReport } from '../../test/kit/stage.ts';
import { accessRows, keyRows } from './audit-reports.ts';
import { reportPair } from './aws-reports.ts';

const SERVICES = { access: 30, keys: 10 };

/** What is made before the clock runs, and then, as a collection ends, the report itself. */
type ReportAt = (at: Instant, round: number) => () => Promise<RawReport>;

/** Reports of one account as they follow each other, so many users, identities or keys in each. */
export function reportsOf(kind: string, subjects: number): ReportAt {
  switch (kind) {
    case 'access-audit':
      return (at, round) => {
        const rows = accessRows({ subjects, services: SERVICES.access }, at, round);
        return async () => audit(at, SERVICE_ACCESS_PART, await inTurns(writeServiceAccess(rows)));
      };
    case 'key-audit':
      return (at, round) => {
        const rows = keyRows({ subjects, services: SERVICES.keys }, at, round);
        return async () => audit(at, KEY_USE_PART, await inTurns(writeKeyUse(rows)));
      };
    default: {
      const { before, after } = reportPair(ACCOUNT, subjects);
      return (at, round) => async () => rawReport(at, round % 2 === 0 ? before : after);
    }
  }
}

function audit(at: Instant, name: string, bytes: Uint8Array): RawReport {
  return { ...rawReport(at, ''), origin: 'synthesised', parts: [{ name, bytes }] };
}
