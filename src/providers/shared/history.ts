import { LONGEST_AUDIT_MS } from '../../kit/shift.ts';

const HOUR_MS = 3_600_000;

/** How far back events are asked for. All three clouds keep 90 days, counted from the moment of asking, which may be long after a report began. */
export const HISTORY_MS = 90 * 24 * HOUR_MS - LONGEST_AUDIT_MS - HOUR_MS;
