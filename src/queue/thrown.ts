import { Fault } from '../domain/fault.ts';
import type { Happening } from '../domain/happening.ts';
import type { Job } from './queue.ts';

const LONGEST = 300;
const CONTROL = /[\p{Cc}\u2028\u2029]+/gu;

/** What is said of a handler that threw: the error's name and message without anything that could be a payload or a secret. */
export function thrown(job: Job, error: unknown): Happening {
  const fault = error instanceof Fault ? error.kind : 'bug';
  return { kind: 'fault', job: job.name, subject: subject(job), fault, message: describe(error) };
}

/** One line, cut short: a name from a cloud must not reach a terminal as an escape sequence. */
export function oneLine(text: string): string {
  return text.replace(CONTROL, ' ').slice(0, LONGEST).trim();
}

/** For words that are not ours: credentials in URLs, signatures, key ids, long tokens and quoted fragments (a parser quotes its input) are masked. */
export function scrub(text: string): string {
  const masked = text
    .replace(/, with args.*$/s, '') // Redis repeats the arguments of a command that it does not know
    .replace(/\/\/[^\s/@]*@/g, '//[secret]@')
    .replace(/"[^"]*"?/g, '"…"')
    .replace(/((?:password|secret|token|signature|credential|authorization)\w*\s*[=:]\s*)\S+/gi, '$1[secret]')
    .replace(/\b(?:AKIA|ASIA|LTAI|AKID)\w{8,}/g, '[key id]')
    .replace(/[A-Za-z0-9+_=-]{40,}/g, '[long]');
  return oneLine(masked);
}

function subject(job: Job): string {
  switch (job.name) {
    case 'plan':
      return 'plan';
    case 'collect':
      return job.source;
    case 'deliver':
      return `${job.source} to ${job.sink}`;
  }
}

function describe(error: unknown): string {
  if (error instanceof Fault) return oneLine(error.message); // ours, and safe by its contract
  if (!(error instanceof Error)) return 'something that is not an error was thrown';
  const place = /\n\s+at .*?([\w.-]+\.[cm]?[jt]s:\d+)/.exec(error.stack ?? '')?.[1];
  return scrub(`${error.name}: ${error.message}`) + (place === undefined ? '' : ` (${place})`);
}
