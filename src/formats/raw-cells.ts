import { readCsv } from '../kit/csv.ts';

const LIMITS = { maxRows: 2, maxCellChars: Number.MAX_SAFE_INTEGER };
const SPECIAL = /[",\r\n]/;
/** What neither CSV nor JSON writes otherwise. */
const PLAIN = '[ !#-+\\--[\\]-\\ud7ff\\ue000-\\uffff]+';

/** The cloud's own cells as they would stand in a CSV: a line of columns and a line of cells. Undefined of anything but texts by name. */
export function rawOf(cells: unknown): string | undefined {
  const raw = linesOf(cells);
  return raw === undefined ? undefined : textOf(raw);
}

/** The same as JSON has it. */
export function rawJsonOf(cells: unknown): string | undefined {
  const raw = linesOf(cells);
  if (raw === undefined) return undefined;
  return raw.isPlain ? `"${raw.header.json}\\n${raw.row}"` : JSON.stringify(textOf(raw));
}

interface Raw {
  readonly header: Header;
  readonly row: string;
  readonly isPlain: boolean;
}

function textOf({ header, row }: Raw): string {
  return header.columns.length === 0 ? '' : `${header.line}\n${row}`;
}

/** One look at a whole row is much faster than one at each cell. */
function linesOf(cells: unknown): Raw | undefined {
  if (typeof cells !== 'object' || cells === null || Array.isArray(cells)) return undefined;
  const { columns } = known;
  const values: string[] = [];
  let isKnown = true;
  for (const column in cells) {
    const cell: unknown = cells[column as keyof typeof cells];
    if (typeof cell !== 'string') return undefined;
    isKnown &&= columns[values.length] === column;
    values.push(cell);
  }
  if (!isKnown || values.length !== columns.length) known = headerOf(Object.keys(cells));
  const row = values.join(',');
  if (values.length > 0 && known.plainRow.test(row)) return { header: known, row, isPlain: true };
  return {
    header: known,
    row: lineOf(values),
    isPlain: false,
  };
}

interface Header {
  readonly columns: readonly string[];
  readonly line: string;
  readonly json: string;
  /** A row whose cells are all plain: none is empty, and none has a comma. */
  readonly plainRow: RegExp;
}

/** The columns that were written last: all rows of a report have the same. */
let known = headerOf([]);

function headerOf(columns: readonly string[]): Header {
  const line = lineOf(columns);
  const plainRow = new RegExp(`^${columns.map(() => PLAIN).join(',')}$`);
  return { columns, line, json: JSON.stringify(line).slice(1, -1), plainRow };
}

function lineOf(cells: readonly string[]): string {
  return cells.map(cellOf).join(',');
}

/** An empty cell is quoted: alone on its line it would be no cell. */
function cellOf(text: string): string {
  return text === '' || SPECIAL.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function cellsOf(raw: string): Readonly<Record<string, string>> {
  const { rows } = readCsv(raw, LIMITS);
  const [columns = [], row = []] = rows;
  return Object.fromEntries(columns.map((column, index) => [column, row[index] ?? '']));
}
