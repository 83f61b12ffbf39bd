import { atOnce, type Steps } from './steps.ts';

const QUOTE = 34;
const COMMA = 44;
const LF = 10;
const CR = 13;
const LONGEST_SHARED = 8;
const ROWS_OF_STEP = 128;

export interface CsvLimits {
  readonly maxRows: number;
  readonly maxCellChars: number;
}

export interface CsvTable {
  readonly rows: readonly (readonly string[])[];
  /** The line on which each row begins, from 1. */
  readonly lines: readonly number[];
  /** Where reading stopped, and why. The rows before it are whole. */
  readonly broken?: { readonly what: string; readonly line: number };
}

/** RFC 4180, and nothing more lenient: LF or CRLF, quotes only around whole cells. A test compares it with csv-parse. */
export function readCsv(text: string, limits: CsvLimits): CsvTable {
  return atOnce(readingCsv(text, limits));
}

/** The same in steps. */
export function* readingCsv(text: string, limits: CsvLimits): Steps<CsvTable> {
  const rows: string[][] = [];
  const lines: number[] = [];
  let cells: string[] = [];
  let above: readonly string[] = cells;
  let line = 1;
  let rowLine = 1;
  let at = 0;
  const stop = (what: string): CsvTable => ({ rows, lines, broken: { what, line } });

  while (at < text.length) {
    let cell: string;
    if (text.charCodeAt(at) === QUOTE) {
      const quoted = readQuoted(text, at);
      if (quoted === undefined) return stop('a quote is never closed');
      cell = quoted.cell;
      at = quoted.end;
      line += quoted.newlines;
      if (!endsCell(text, at)) return stop('text follows a closing quote');
    } else {
      const end = endOfPlain(text, at);
      if (text.charCodeAt(end) === QUOTE) return stop('a quote stands inside an unquoted cell');
      cell = cut(text, at, end, above[cells.length]);
      at = end;
    }
    if (cell.length > limits.maxCellChars) return stop(`a cell is longer than ${limits.maxCellChars} characters`);
    cells.push(cell);

    if (text.charCodeAt(at) === COMMA) {
      at += 1;
      if (at < text.length) continue;
      cells.push('');
    }
    if (rows.length === limits.maxRows) return stop(`the table has more than ${limits.maxRows} rows`);
    rows.push(cells);
    lines.push(rowLine);
    at += text.charCodeAt(at) === CR ? 2 : 1;
    line += 1;
    rowLine = line;
    above = cells;
    cells = [];
    if (rows.length % ROWS_OF_STEP === 0) yield;
  }
  return { rows, lines };
}

/** Cells often repeat the one above them: then no second string is made. */
function cut(text: string, start: number, end: number, above: string | undefined): string {
  if (above === undefined || above.length !== end - start || above.length > LONGEST_SHARED)
    return text.slice(start, end);
  for (let at = 0; at < above.length; at += 1) {
    if (above.charCodeAt(at) !== text.charCodeAt(start + at)) return text.slice(start, end);
  }
  return above;
}

/** The index of what ends an unquoted cell: a comma, a quote, LF, the CR of a CRLF, or the end. */
function endOfPlain(text: string, start: number): number {
  let at = start;
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code > COMMA) continue;
    if (code === COMMA || code === LF || code === QUOTE) break;
    if (code === CR && text.charCodeAt(at + 1) === LF) break;
  }
  return at;
}

function endsCell(text: string, at: number): boolean {
  if (at === text.length) return true;
  const code = text.charCodeAt(at);
  return code === COMMA || code === LF || (code === CR && text.charCodeAt(at + 1) === LF);
}

function readQuoted(text: string, start: number): { cell: string; end: number; newlines: number } | undefined {
  let close = text.indexOf('"', start + 1);
  while (close !== -1 && text.charCodeAt(close + 1) === QUOTE) close = text.indexOf('"', close + 2);
  if (close === -1) return undefined;
  const raw = text.slice(start + 1, close);
  return { cell: raw.replaceAll('""', '"'), end: close + 1, newlines: raw.split('\n').length - 1 };
}
