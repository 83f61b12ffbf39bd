import { encoding } from './encoding.ts';
import type { Steps } from './steps.ts';

/** Read or written in well under a millisecond. */
const CHARS_OF_STEP = 64 * 1024;
const FIRST_RUN = 8;
const LONGEST_RUN = 512;
/** Large JSON is a list or a table of small things, or a table of such. */
const DEPTH = 2;

const [QUOTE, COMMA, BACKSLASH] = [34, 44, 92];
const [OPEN_LIST, CLOSE_LIST, OPEN_TABLE, CLOSE_TABLE] = [91, 93, 123, 125];

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
  if (depth === 0 || typeof value !== 'object' || value === null) yield JSON.stringify(value) ?? 'null';
  else if (Array.isArray(value)) yield* runsOf(value);
  else yield* membersOf(value, depth);
}

function* membersOf(table: object, depth: number): Generator<string> {
  yield '{';
  let before = '';
  for (const [name, member] of Object.entries(table)) {
    if (member === undefined) continue;
    yield `${before}${JSON.stringify(name)}:`;
    yield* texts(member, depth - 1);
    before = ',';
  }
  yield '}';
}

/** As many of the list at once as make a step: those before tell how long they are. */
function* runsOf(list: readonly unknown[]): Generator<string> {
  yield '[';
  let length = FIRST_RUN;
  for (let at = 0; at < list.length; ) {
    const text = JSON.stringify(list.slice(at, at + length)).slice(1, -1);
    yield at === 0 ? text : `,${text}`;
    at += length;
    length = Math.min(LONGEST_RUN, Math.ceil((length * CHARS_OF_STEP) / text.length));
  }
  yield ']';
}

/** What JSON.parse makes of it, in steps. */
export function* readingJson(text: string): Steps<unknown> {
  if (text.length <= CHARS_OF_STEP) return JSON.parse(text);
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
  if (depth > 0 && opening === '[') return yield* listIn(reader);
  if (depth > 0 && opening === '{') return yield* tableIn(reader, depth);
  yield;
  return JSON.parse(taken(endOf(reader, 0), reader));
}

function* listIn(reader: Reader): Steps<unknown[]> {
  const list: unknown[] = [];
  reader.at += 1;
  while (!isClosed(']', list.length === 0, reader)) {
    next(reader);
    const run: unknown[] = JSON.parse(`[${taken(endOf(reader, CHARS_OF_STEP), reader)}]`);
    for (const value of run) list.push(value);
    yield;
  }
  return list;
}

function* tableIn(reader: Reader, depth: number): Steps<Record<string, unknown>> {
  const entries: [string, unknown][] = [];
  reader.at += 1;
  while (!isClosed('}', entries.length === 0, reader)) {
    const end = next(reader) === '"' ? endOfText(reader.text, reader.at) : reader.at;
    const name = String(JSON.parse(taken(end, reader)));
    if (next(reader) !== ':') throw unexpected(reader);
    reader.at += 1;
    entries.push([name, yield* valueIn(reader, depth - 1)]);
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

function taken(end: number, reader: Reader): string {
  if (end === reader.at) throw unexpected(reader);
  const text = reader.text.slice(reader.at, end);
  reader.at = end;
  return text;
}

/** Where those values end that end within so many characters, or the first of them. Whether they are values, JSON.parse says. */
function endOf({ text, at: start }: Reader, chars: number): number {
  let end: number | undefined;
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    if (end !== undefined && at - start > chars) return end;
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfText(text, at) - 1;
    else if (code === COMMA && depth === 0) end = at;
    else if (code === OPEN_LIST || code === OPEN_TABLE) depth += 1;
    else if (code === CLOSE_LIST || code === CLOSE_TABLE) {
      if (depth === 0) return at;
      depth -= 1;
    }
  }
  return text.length;
}

function endOfText(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end === -1 ? text.length : end + 1;
}

function isEscaped(text: string, at: number): boolean {
  let first = at;
  while (text.charCodeAt(first - 1) === BACKSLASH) first -= 1;
  return (at - first) % 2 === 1;
}

/** The first character that is no space; undefined at the end. */
function next(reader: Reader): string | undefined {
  while (reader.at < reader.text.length && ' \t\r\n'.includes(reader.text.charAt(reader.at))) reader.at += 1;
  return reader.text[reader.at];
}

function unexpected({ text, at }: Reader): SyntaxError {
  return new SyntaxError(`unexpected ${JSON.stringify(text[at] ?? 'end')} at position ${at} of JSON`);
}
