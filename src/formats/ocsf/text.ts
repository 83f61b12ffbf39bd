import { escaped } from '../../kit/json-text.ts';

const NOTHING: ReadonlySet<string> = new Set();

/**
 * An event is written as text, member by member, each behind a comma; the first comma of an object is cut off where that is closed.
 * What is undefined is not written.
 */
export function member(key: string, value: unknown): string {
  const text = valueText(value);
  return text === undefined ? '' : keyText(key) + text;
}

function valueText(value: unknown): string | undefined {
  if (typeof value === 'string') return `"${escaped(value)}"`;
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  return value === undefined ? undefined : JSON.stringify(value);
}

/** All members of a part but those that are told elsewhere. */
export function members(part: object, told = NOTHING): string {
  let text = '';
  for (const key in part) if (!told.has(key)) text += member(key, part[key as keyof typeof part]);
  return text;
}

/** The same without the first comma: to cut it off later is to copy the text. */
export function inner(part: object, told = NOTHING): string {
  let text = '';
  for (const key in part) {
    const value = told.has(key) ? undefined : valueText(part[key as keyof typeof part]);
    if (value !== undefined) text += (text === '' ? keyText(key).slice(1) : keyText(key)) + value;
  }
  return text;
}

/** More members behind those without a first comma. */
export function behind(inner: string, members: string): string {
  return inner === '' ? members.slice(1) : inner + members;
}

/** A part without what is told elsewhere: nothing when that is all of it, but a part that was empty is told to be. */
export function left(key: string, whole: object, told: ReadonlySet<string>): string {
  const text = inner(whole, told);
  return text === '' && Object.values(whole).some((value) => value !== undefined) ? '' : filled(key, text);
}

/** A member that is an object. */
export function part(key: string, members: string): string {
  return filled(key, members.slice(1));
}

/** The same of members without a first comma. */
export function filled(key: string, inner: string): string {
  return `${keyText(key)}{${inner}}`;
}

/** A member that is a list of items with commas between them. */
export function list(key: string, items: string): string {
  return `${keyText(key)}[${items}]`;
}

/** An object in a list. */
export function item(members: string): string {
  return `{${members.slice(1)}}`;
}

/** Items side by side; either may be none. */
export function joined(items: string, others: string): string {
  return items === '' || others === '' ? items + others : `${items},${others}`;
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
