/** What a managed policy of AWS may hold; others are not asked to hold more. */
export const MOST_CHARACTERS = 6_144;
const MOST_NAMED = 20;

/** A policy of one statement, as a cloud writes it. */
export type Writer = (effect: 'Allow' | 'Deny', actions: readonly string[]) => unknown;

const WRITERS: ReadonlyMap<string, Writer> = new Map<string, Writer>([
  ['aws', (Effect, Action) => ({ Version: '2012-10-17', Statement: [{ Effect, Action, Resource: '*' }] })],
  ['alibaba', (Effect, Action) => ({ Version: '1', Statement: [{ Effect, Action, Resource: '*' }] })],
  [
    'tencent',
    (effect, action) => ({ version: '2.0', statement: [{ effect: effect.toLowerCase(), action, resource: ['*'] }] }),
  ],
]);

/** Undefined for a cloud whose policies Muster cannot write. */
export function writerOf(provider: string): Writer | undefined {
  return WRITERS.get(provider);
}

export function fits(document: unknown): boolean {
  return JSON.stringify(document).length <= MOST_CHARACTERS;
}

/** One line that names them; none where there are none. */
export function listed(what: string, names: readonly string[]): readonly string[] {
  if (names.length === 0) return [];
  const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : '';
  return [`${what}: ${names.slice(0, MOST_NAMED).join(', ')}${more}`];
}
