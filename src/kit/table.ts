import { Buffer, isUtf8 } from 'node:buffer';
import type { Defect } from '../domain/report.ts';
import { type CsvTable, readingCsv } from './csv.ts';
import type { Steps } from './steps.ts';

const MAX_BYTES = 64 * 1024 * 1024;
const LIMITS = { maxRows: 200_001, maxCellChars: 64 * 1024 };
const MOST_DEFECTS = 20;
const ROWS_OF_STEP = 4_096;

/** What a table must look like to be read as one. */
export interface TableShape {
  /** How messages name it: `the part report.csv`. */
  readonly name: string;
  readonly columns: readonly string[];
  /** The same columns, as this header spells them. */
  spelledBy?(header: readonly string[]): readonly string[];
  isRequired(column: string): boolean;
  /** Of columns that are not listed: a numbered group, say. */
  isKnown(column: string): boolean;
  /** A row that is too long or too short as it was meant; undefined where that is not certain. */
  mended?(row: readonly string[], header: readonly string[]): readonly string[] | undefined;
  /** Above what a list of users needs. */
  readonly maxRows?: number;
  readonly maxBytes?: number;
}

/** A CSV as rows of cells, and all that makes it not whole. */
export interface Table {
  readonly columns: readonly string[];
  readonly unknownColumns: readonly string[];
  readonly missingColumns: readonly string[];
  /** Without the header; as many cells in each as there are columns. */
  readonly rows: readonly (readonly string[])[];
  readonly lines: readonly number[];
  readonly defects: readonly Defect[];
}

/** Total on any bytes: what is not a table of this shape becomes a defect. */
export function* readTable(bytes: Uint8Array | undefined, shape: TableShape): Steps<Table> {
  if (bytes === undefined) return unreadable(`${shape.name} is missing`);
  if (bytes.length === 0) return unreadable('the report is empty');
  const { maxBytes = MAX_BYTES, maxRows = LIMITS.maxRows } = shape;
  if (bytes.length > maxBytes) return unreadable(`the report is larger than ${maxBytes} bytes`);
  if (!isUtf8(bytes)) return unreadable('the report is not UTF-8');
  yield;
  const text = decode(bytes);
  yield;
  if (/^\s*</.test(text)) return unreadable('the report is not CSV: it looks like an HTML or XML page');
  return yield* shaped(yield* readingCsv(text, { ...LIMITS, maxRows }), shape);
}

/** A byte order mark is no part of the table; wrong UTF-8 is never repaired. */
function decode(bytes: Uint8Array): string {
  // Not by TextDecoder: its strings take two bytes a character even where one would do.
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}

function unreadable(what: string): Table {
  return { columns: [], unknownColumns: [], missingColumns: [], rows: [], lines: [], defects: [{ what }] };
}

function* shaped(csv: CsvTable, shape: TableShape): Steps<Table> {
  const columns = csv.rows[0] ?? [];
  const expected = shape.spelledBy?.(columns) ?? shape.columns;
  const known = new Set(expected);
  const missingColumns = expected.filter((column) => !columns.includes(column));
  const defects: Defect[] = missingColumns
    .filter((column) => shape.isRequired(column))
    .map((column) => ({ what: `the column ${column} is missing`, line: 1 }));
  const doubled = columns.filter((column, index) => column !== '' && columns.indexOf(column) !== index);
  for (const column of new Set(doubled)) defects.push({ what: `the column ${column} stands twice`, line: 1 });
  if (csv.broken !== undefined) defects.push(csv.broken);
  const { rows, lines } = yield* wholeRows(csv, columns, shape, defects);
  const unknownColumns = columns.filter((column) => !known.has(column) && !shape.isKnown(column));
  return { columns, unknownColumns, missingColumns, rows, lines, defects: capped(defects) };
}

function* wholeRows(
  csv: CsvTable,
  header: readonly string[],
  shape: TableShape,
  defects: Defect[],
): Steps<Pick<Table, 'rows' | 'lines'>> {
  const width = header.length;
  const rows: (readonly string[])[] = [];
  const lines: number[] = [];
  const end = lastFilled(csv.rows);
  for (let index = 1; index < end; index += 1) {
    const cells = csv.rows[index] ?? [];
    const line = csv.lines[index] ?? 0;
    const row = cells.length === width ? cells : shape.mended?.(cells, header);
    if (row?.length === width) {
      rows.push(row);
      lines.push(line);
    } else defects.push({ what: `a row has ${cells.length} cells where the header has ${width}`, line });
    if (index % ROWS_OF_STEP === 0) yield;
  }
  return { rows, lines };
}

/** Empty lines after the last row, as editors leave them, and lines of commas, as spreadsheets do, are no rows. */
function lastFilled(rows: CsvTable['rows']): number {
  let end = rows.length;
  while (end > 1 && rows[end - 1]?.every((cell) => cell === '') === true) end -= 1;
  return end;
}

/** The first defects stand for all. */
export function capped(defects: readonly Defect[]): readonly Defect[] {
  if (defects.length <= MOST_DEFECTS) return defects;
  return [...defects.slice(0, MOST_DEFECTS), { what: `${defects.length - MOST_DEFECTS} more defects` }];
}
