/** RFC 4180 with LF, as readCsv() reads it: cells are quoted only where they must be. */
export function writeCsv(rows: Iterable<readonly string[]>): string {
  let text = '';
  for (const line of csvLines(rows)) text += line;
  return text;
}

/** The same line by line, for a table that is too large for one string. */
export function* csvLines(rows: Iterable<readonly string[]>): Generator<string> {
  for (const row of rows) yield `${row.map(written).join(',')}\n`;
}

function written(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
