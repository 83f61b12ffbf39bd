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
    columns += separator + cellOf(column);
    row += separator + cellOf(cells[column] ?? '');
    separator = ',';
  }
  return columns === '' ? '' : `${columns}\n${row}`;
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
  for (const cell of Object.values(cells)) if (typeof cell !== 'string') return false;
  return true;
}
