import type { ReportKind } from '../../provider.ts';
import { OPTIONAL, REQUIRED } from '../permissions.ts';
import { NEVER_SHOWN } from './not-visible.ts';
import { parseReport } from './parse.ts';
import { REPORT_PART } from './parts.ts';
import { recordColumns } from './record-columns.ts';

/** AWS makes a new credential report at most every four hours. */
const CADENCE_MS = 4 * 60 * 60_000;

export const credentialReport: ReportKind = {
  cadenceMs: CADENCE_MS,
  permissions: { required: REQUIRED, optional: OPTIONAL },
  neverShown: NEVER_SHOWN,
  parse: parseReport,
  columns: recordColumns,
  imported: (bytes) => [{ name: REPORT_PART, bytes }],
};
