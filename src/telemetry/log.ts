import type { Clock } from '../domain/clock.ts';
import type { Happening } from '../domain/happening.ts';
import { formatInstant } from '../domain/instant.ts';
import { scrub } from './scrub.ts';

export const LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type Level = (typeof LEVELS)[number];

/**
 * info: an operator's action succeeded. warn: odd, nothing lost. error: data lost or a person must act. debug: the rest.
 * One line of JSON per happening: newlines and control characters of whoever named a thing are escaped by it.
 */
export function logTo(write: (line: string) => void, clock: Clock, least: Level): (happening: Happening) => void {
  return (happening) => {
    const level = levelOf(happening);
    if (LEVELS.indexOf(level) < LEVELS.indexOf(least)) return;
    const { kind, ...rest } = happening;
    write(`${scrub(JSON.stringify({ time: formatInstant(clock.now()), level, happening: kind, ...rest }))}\n`);
  };
}

function levelOf(happening: Happening): Level {
  switch (happening.kind) {
    case 'planned':
    case 'waiting':
    case 'unchanged':
      return 'debug';
    case 'started':
    case 'stopping':
    case 'stopped':
    case 'archived':
    case 'delivered':
      return 'info';
    case 'degraded':
    case 'oddity':
    case 'warning':
      return 'warn';
    case 'quarantined':
    case 'rejected':
    case 'held':
      return 'error';
    case 'fault':
      return happening.fault === 'throttled' || happening.fault === 'unreachable' ? 'warn' : 'error';
  }
}
