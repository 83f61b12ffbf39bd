import { writeJson } from '../../../kit/json-bytes.ts';
import type { ReportKind } from '../../provider.ts';
import { OPTIONAL, REQUIRED } from '../permissions.ts';
import type { Settings } from '../settings.ts';
import { NEVER_SHOWN } from './not-visible.ts';
import { parseReport } from './parse.ts';
import { ABOUT_PART, REPORT_PART } from './parts.ts';
import { recordColumns } from './record-columns.ts';
import { DEFAULT_ZONE } from './zone.ts';

const HOUR_MS = 3_600_000;

/** Put together by Muster, as often as Tencent's console makes its own. */
export const credentialReport: ReportKind = {
  cadenceMs: 4 * HOUR_MS,
  permissions: { required: REQUIRED, optional: OPTIONAL },
  neverShown: NEVER_SHOWN,
  parse: parseReport,
  columns: recordColumns,
};

/** Downloaded in the console by a person, and brought. */
export const credentialReportImport: ReportKind = {
  cadenceMs: 24 * HOUR_MS,
  collectable: false,
  permissions: { required: [], optional: [] },
  parse: parseReport,
  imported(bytes, settings) {
    const time_zone = (settings as Settings | undefined)?.timeZone ?? DEFAULT_ZONE; // what our own schema made
    return [
      { name: REPORT_PART, bytes },
      { name: ABOUT_PART, bytes: writeJson({ version: 1, time_zone }) },
    ];
  },
};
