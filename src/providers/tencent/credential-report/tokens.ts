import { isNotAllowed } from '../faults.ts';

/** Tencent's own words in cells. */
export const YES = 'TRUE';
export const NO = 'FALSE';
export const NONE = 'N/A';
export const NOT_SUPPORTED = 'not_supported';

/**
 * What Muster writes where Tencent's report has a value and the API has none: `unknown:` and one of these. The codes are for ever; the
 * words may change.
 */
const WHY: Readonly<Record<string, string>> = {
  no_api: 'Tencent Cloud has no public API for it',
  denied: 'not allowed to ask',
  failed: 'the cloud refused to tell of this one',
  no_uin: 'the cloud gives it no account id to ask by',
  not_told: 'the cloud names no time: never used, or not known',
};
export type WhyUnknown = 'no_api' | 'denied' | 'failed' | 'no_uin' | 'not_told';

const PREFIX = 'unknown:';

export function unknown(why: WhyUnknown): string {
  return `${PREFIX}${why}`;
}

export function refused(code: string): string {
  return unknown(isNotAllowed(code) ? 'denied' : 'failed');
}

/** The words for a cell that says `unknown:…`; undefined for any other. */
export function whyUnknown(cell: string): string | undefined {
  if (!cell.startsWith(PREFIX)) return undefined;
  return WHY[cell.slice(PREFIX.length)] ?? cell.slice(PREFIX.length);
}

export function flag(isSet: boolean): string {
  return isSet ? YES : NO;
}
