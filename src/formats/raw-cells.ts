import { readCsv } from '../kit/csv.ts';

const LIMITS = { maxRows: 2, maxCellChars: Number.MAX_SAFE_INTEGER };
const SPECIAL = /[",\r\n]/;

type Cells = Readonly<Record<string, string>>;

/** The cloud's own cells as they would stand in a CSV: a line of columns and a line of cells. */
export function rawOf(cells: Cells): string {
  let columns = '';
  let row = '';
  let separator = '';
  for (const column in cells) {
    columns += separator + columnOf(column);
    row += separator + cellOf(cells[column] ?? '');
    separator = ',';
  }
  return columns === '' ? '' : `${columns}\n${row}`;
}

const MOST_COLUMNS = 1_000;
const written = new Map<string, string>();

/** All rows of all reports share a few dozen columns. */
function columnOf(column: string): string {
  let text = written.get(column);
  if (text === undefined) {
    text = cellOf(column);
    if (written.size < MOST_COLUMNS) written.set(column, text);
  }
  return text;
}

/** An empty cell is quoted: alone on its line it would be no cell. */
function cellOf(text: string): string {
  return text === '' || SPECIAL.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function cellsOf(raw: string): Cells {
  const { rows } = readCsv(raw, LIMITS);
  const [columns = [], row = []] = rows;
  return Object.fromEntries(columns.map((column, index) => [column, row[index] ?? '']));
}

/** Nothing but texts by name. */
export function areCells(cells: unknown): cells is Cells {
  if (typeof cells !== 'object' || cells === null || Array.isArray(cells)) return false;
  for (const column in cells) if (typeof (cells as Cells)[column] !== 'string') return false;
  return true;
}
