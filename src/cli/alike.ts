import { type SourceName, splitSource } from '../domain/names.ts';
import { groupBy } from '../kit/group-by.ts';

/** So many are named; of more, how many more there are. */
export const NAMED = 3;

export function fewOf(names: readonly string[]): string {
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
  return `${names.slice(0, NAMED).join(', ')}${more}`;
}

/** As the account is called by whom it belongs to; which of its reports it is, where it is not the usual one. */
export function nameOfReport(account: string, source: SourceName): string {
  const { kind } = splitSource(source);
  return kind === 'credential-report' ? account : `${account} ${kind}`;
}

interface Bearer {
  readonly id: string;
  readonly name: string;
}

/** What several have in common is said without any of them. */
export function causeOf(text: string, of: Bearer | undefined): string {
  const bare = of === undefined ? text : without(of.name, without(of.id, text));
  return bare.replaceAll(/\d{4,}/g, '#');
}

/** Whole words only: an account may be called `prod`. */
function without(word: string, text: string): string {
  const pattern = word.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
  return text.replaceAll(new RegExp(`(?<![\\p{L}\\p{N}])${pattern}(?![\\p{L}\\p{N}])`, 'gu'), '#');
}

/** By cause, the most common first. */
export function byCause<T>(suffering: readonly T[], causeOfOne: (one: T) => string): readonly (readonly T[])[] {
  return [...groupBy(suffering, causeOfOne).values()].toSorted((a, b) => b.length - a.length);
}
