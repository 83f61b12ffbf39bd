import { encoding } from './encoding.ts';
import type { Steps } from './steps.ts';

/** Large JSON is lists and tables of small things, one or two levels down: these are one step each. */
const DEPTH = 2;

/** The bytes of JSON.stringify, in steps. */
export function writingJson(value: unknown): Steps<Uint8Array> {
  return encoding(texts(value, DEPTH));
}

/** One line each, every line a step or less. */
export function writingJsonLines(values: Iterable<unknown>): Steps<Uint8Array> {
  return encoding(linesOf(values));
}

function* linesOf(values: Iterable<unknown>): Generator<string> {
  for (const value of values) yield `${JSON.stringify(value)}\n`;
}

function* texts(value: unknown, depth: number): Generator<string> {
  if (depth === 0 || typeof value !== 'object' || value === null) {
    yield JSON.stringify(value) ?? 'null';
    return;
  }
  const isList = Array.isArray(value);
  yield isList ? '[' : '{';
  let before = '';
  for (const [name, member] of Object.entries(value)) {
    if (!isList && member === undefined) continue;
    yield isList ? before : `${before}${JSON.stringify(name)}:`;
    yield* texts(member, depth - 1);
    before = ',';
  }
  yield isList ? ']' : '}';
}

/** What JSON.parse makes of it, in steps. */
export function* readingJson(text: string): Steps<unknown> {
  const reader: Reader = { text, at: 0 };
  const value = yield* valueIn(reader, DEPTH);
  if (next(reader) !== undefined) throw unexpected(reader);
  return value;
}

interface Reader {
  readonly text: string;
  at: number;
}

function* valueIn(reader: Reader, depth: number): Steps<unknown> {
  const opening = next(reader);
  if (depth > 0 && opening === '[') return yield* listIn(reader, depth);
  if (depth > 0 && opening === '{') return yield* tableIn(reader, depth);
  yield;
  return parsedTo(endOf(reader), reader);
}

function* listIn(reader: Reader, depth: number): Steps<unknown[]> {
  const list: unknown[] = [];
  reader.at += 1;
  while (!isClosed(']', list.length === 0, reader)) list.push(yield* valueIn(reader, depth - 1));
  return list;
}

function* tableIn(reader: Reader, depth: number): Steps<Record<string, unknown>> {
  const entries: [string, unknown][] = [];
  reader.at += 1;
  while (!isClosed('}', entries.length === 0, reader)) {
    const name = parsedTo(next(reader) === '"' ? endOfText(reader.text, reader.at) : reader.at, reader);
    if (next(reader) !== ':') throw unexpected(reader);
    reader.at += 1;
    entries.push([String(name), yield* valueIn(reader, depth - 1)]);
  }
  return Object.fromEntries(entries);
}

/** Goes past the comma or the end. */
function isClosed(close: ']' | '}', isFirst: boolean, reader: Reader): boolean {
  const char = next(reader);
  if (char !== close && isFirst) return false;
  if (char !== close && char !== ',') throw unexpected(reader);
  reader.at += 1;
  return char === close;
}

function parsedTo(end: number, reader: Reader): unknown {
  const value: unknown = JSON.parse(reader.text.slice(reader.at, end));
  reader.at = end;
  return value;
}

/** The first character that is no space; undefined at the end. */
function next(reader: Reader): string | undefined {
  while (reader.at < reader.text.length && ' \t\r\n'.includes(reader.text.charAt(reader.at))) reader.at += 1;
  return reader.text[reader.at];
}

/** Where the value that begins here ends; whether it is one, JSON.parse says. */
function endOf({ text, at: start }: Reader): number {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const char = text[at];
    if (char === '"') at = endOfText(text, at) - 1;
    else if (char === '[' || char === '{') depth += 1;
    else if (depth === 0 && (char === ',' || char === ']' || char === '}')) return at;
    else if ((char === ']' || char === '}') && (depth -= 1) === 0) return at + 1;
  }
  return text.length;
}

function endOfText(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end === -1 ? text.length : end + 1;
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text[at - 1 - backslashes] === '\\') backslashes += 1;
  return backslashes % 2 === 1;
}

function unexpected({ text, at }: Reader): SyntaxError {
  return new SyntaxError(`unexpected ${JSON.stringify(text[at] ?? 'end')} at position ${at} of JSON`);
}
