import { Fault } from '../domain/fault.ts';

const SEGMENT = /^[A-Za-z0-9_~@=+-][A-Za-z0-9._~@=+-]{0,199}$/;
const LONGEST_KEY = 900;

/** The one place that decides what may be a key: no segment is empty, leads upwards, is hidden or needs quoting anywhere. */
export function isSafeKey(key: string): boolean {
  return key.length <= LONGEST_KEY && key.split('/').every((segment) => SEGMENT.test(segment));
}

export function checkKey(key: string): string {
  if (isSafeKey(key)) return key;
  throw new Fault('malformed', `archive key ${JSON.stringify(key.slice(0, 120))} is not safe: it is refused`);
}

/** A prefix is nothing, or a key with a slash behind it. */
export function checkPrefix(prefix: string): string {
  if (prefix !== '') checkKey(prefix.endsWith('/') ? prefix.slice(0, -1) : `${prefix}//`);
  return prefix;
}

/** Eight digits, so that byte order is numeric order. */
export function eight(number: number): string {
  return String(number).padStart(8, '0');
}
