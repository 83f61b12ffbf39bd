/** RFC 4180 with LF, as readCsv() reads it: cells are quoted only where they must be. */
export function writeCsv(rows: Iterable<readonly string[]>): string {
  let text = '';
  for (const row of rows) text += `${row.map(written).join(',')}\n`;
  return text;
}

function written(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
