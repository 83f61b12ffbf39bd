// oxlint-disable-next-line no-control-regex -- control characters are what it is for
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** Names come from clouds and from whoever makes users there: no control character of theirs reaches a terminal. */
export function cleanText(text: string): string {
  return text.replace(CONTROL, '\uFFFD');
}

/** One line whatever is in it: a newline in a name must not forge the next line. */
export function lineOf(text: string): string {
  return cleanText(text).replaceAll('\n', ' ');
}

/** JSON escapes the first control characters by itself; the others that a terminal obeys are escaped here. It stays the same JSON. */
export function jsonText(value: unknown, indent = 0): string {
  return `${JSON.stringify(value, null, indent).replace(
    /[\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )}\n`;
}

/** Columns as wide as their widest cell; the last one is not padded. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [header, ...rows].map((row) => row.map(lineOf));
  const widths = header.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0))).join('  ');
  return `${all.map((row) => line(row).trimEnd()).join('\n')}\n`;
}

const WIDTH = 100;

/** Words in lines of 100 columns, the first behind `lead` and the others below its end. A word is never cut: it may be copied. */
export function hanging(lead: string, text: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of lineOf(text).split(' ')) {
    if (line !== '' && lead.length + line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  const below = ' '.repeat(lead.length);
  return [...lines, line].map((one, index) => `${index === 0 ? lead : below}${one}\n`).join('');
}

/** Two clocks may differ by so much. */
const AHEAD_MS = 60_000;

export function ago(ms: number): string {
  const minutes = Math.floor(Math.abs(ms) / 60_000);
  if (minutes < 1) return `${Math.floor(Math.abs(ms) / 1_000)}s`;
  if (minutes < 120) return `${minutes}m`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)}h`;
  return `${Math.floor(minutes / 1440)}d`;
}

/** How old it is; what the clock says is yet to come was made by a clock that is ahead of ours, or ours was set back. */
export function oldness(ms: number, behind = ''): string {
  return `${ago(ms)}${ms <= -AHEAD_MS ? ' in the future' : behind}`;
}
