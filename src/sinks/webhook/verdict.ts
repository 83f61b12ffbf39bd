import { Fault } from '../../domain/fault.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Answer } from './connection.ts';

/** What the receiver's answer means for the events that were posted. */
export type Verdict =
  | { readonly means: 'delivered' }
  /** Something in it is not accepted: fewer events at a time tell which. */
  | { readonly means: 'refused'; readonly reason: string }
  /** Nothing to do with the events. */
  | { readonly means: 'fault'; readonly fault: Fault };

const REASON_CHARACTERS = 200;
const LONGEST_RETRY_AFTER_MS = 86_400_000;

/** `hidden` are texts that must not come back in a reason: a receiver may echo what it was sent. */
export function verdictOf(answer: Answer, host: string, now: Instant, hidden: readonly string[]): Verdict {
  const { status } = answer;
  if (status >= 200 && status < 300) return { means: 'delivered' };
  if (status === 400 || status === 413 || status === 422) return { means: 'refused', reason: reasonOf(answer, hidden) };
  return { means: 'fault', fault: faultOf(answer, `webhook ${host}`, now) };
}

function faultOf(answer: Answer, name: string, now: Instant): Fault {
  const { status } = answer;
  const retryAfterMs = parseRetryAfter(answer.retryAfter, now);
  const patience = retryAfterMs === undefined ? {} : { retryAfterMs };
  if (status === 429) return new Fault('throttled', `${name} asked us to slow down (429)`, patience);
  if (status === 503 && retryAfterMs !== undefined) {
    return new Fault('throttled', `${name} asked us to come back later (503)`, patience);
  }
  if (status === 408 || status === 425 || status >= 500) {
    return new Fault('unreachable', `${name} answered ${status}`, patience);
  }
  if (status === 401 || status === 403 || status === 407) {
    return new Fault('denied', `${name} answered ${status}: look at secret and headers`);
  }
  return new Fault('misconfigured', `${name} ${refusalOf(answer)}`);
}

function refusalOf(answer: Answer): string {
  const { status } = answer;
  if (status >= 300 && status < 400) {
    return `answered ${status}, a redirect to ${hostOf(answer.location)}: it is not followed, write the final address into url`;
  }
  if (status === 410) return 'told us to stop (410): remove the sink or correct url';
  if (status === 415) return 'answered 415: it may not take gzip, try gzip: false';
  return `answered ${status}: correct url`;
}

function hostOf(location: string | undefined): string {
  if (location === undefined) return 'an unnamed host';
  return URL.canParse(location) ? safe(new URL(location).host, 100) : 'the same host';
}

function reasonOf(answer: Answer, hidden: readonly string[]): string {
  let words = answer.text;
  for (const text of hidden) words = words.replaceAll(text, '…');
  words = safe(words, REASON_CHARACTERS);
  return words === '' ? `answered ${answer.status}` : `answered ${answer.status}: ${words}`;
}

/** One line of printable text: nothing that could move a terminal's cursor or break a log. */
function safe(text: string, length: number): string {
  return text
    .replace(/[\p{C}\p{Z}\s]+/gu, ' ')
    .trim()
    .slice(0, length);
}

/** Seconds or an HTTP date; more than a day is not believed. */
function parseRetryAfter(text: string | undefined, now: Instant): number | undefined {
  if (text === undefined) return undefined;
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - now;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(0, ms), LONGEST_RETRY_AFTER_MS);
}
