import { escaped } from '../../kit/json-text.ts';

const NOTHING: ReadonlySet<string> = new Set();

/**
 * An event is written as text, member by member, each behind a comma; the first comma of an object or a list is cut off where that is closed.
 * What is undefined is not written.
 */
export function member(key: string, value: unknown): string {
  if (typeof value === 'string') return `${keyText(key)}"${escaped(value)}"`;
  if (typeof value === 'boolean') return keyText(key) + (value ? 'true' : 'false');
  const text = JSON.stringify(value) as string | undefined; // undefined of undefined, whatever its type says
  return text === undefined ? '' : keyText(key) + text;
}

/** All members of a part but those that are told elsewhere. */
export function members(part: object, told = NOTHING): string {
  let text = '';
  for (const key in part) if (!told.has(key)) text += member(key, part[key as keyof typeof part]);
  return text;
}

/** A part without what is told elsewhere: nothing when that is all of it, but a part that was empty is told to be. */
export function left(key: string, whole: object, told: ReadonlySet<string>): string {
  const text = members(whole, told);
  return text === '' && Object.values(whole).some((value) => value !== undefined) ? '' : part(key, text);
}

/** A member that is an object. */
export function part(key: string, members: string): string {
  return `${keyText(key)}{${members.slice(1)}}`;
}

/** A member that is a list. */
export function list(key: string, items: string): string {
  return `${keyText(key)}[${items.slice(1)}]`;
}

/** An object in a list. */
export function item(members: string): string {
  return `,{${members.slice(1)}}`;
}

const MOST_KEYS = 1_000;
const keyTexts = new Map<string, string>();

/** All events share a few hundred keys. */
function keyText(key: string): string {
  let text = keyTexts.get(key);
  if (text === undefined) {
    text = `,${JSON.stringify(key)}:`;
    if (keyTexts.size < MOST_KEYS) keyTexts.set(key, text);
  }
  return text;
}
