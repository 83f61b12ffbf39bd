import { readFile } from 'node:fs/promises';
import { readCsv } from '../kit/csv.ts';
import type { Expected } from '../pipeline/coverage.ts';
import { providers } from '../providers/registry.ts';
import { UnreadableFile, UsageError } from './io.ts';

const LIMITS = { maxRows: 1_000_000, maxCellChars: 10_000 };

/** A list of accounts from somewhere else (a CMDB): CSV with a header that has `account_id`. */
export async function readExpected(file: string): Promise<readonly Expected[]> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new UnreadableFile(`--expected ${file}`, error);
  });
  return parseExpected(bytes.toString('utf8').replace(/^\uFEFF/, ''), file);
}

export function parseExpected(text: string, file: string): readonly Expected[] {
  const { rows, lines, broken } = readCsv(text, LIMITS);
  if (broken !== undefined) throw new UsageError(`${file}:${broken.line}: ${broken.what}`);
  const [header = [], ...below] = rows;
  const column = (name: string) => header.findIndex((cell) => cell.trim().toLowerCase() === name);
  const [id, provider, name, owner] = ['account_id', 'provider', 'name', 'owner'].map(column) as [
    number,
    number,
    number,
    number,
  ]; // four names, four numbers
  if (id === -1) throw new UsageError(`${file}: the header has no column account_id`);
  return below.flatMap((row, index) => {
    const cell = (at: number) => row[at]?.trim() ?? '';
    if (row.every((one) => one.trim() === '')) return [];
    const at = `${file}:${lines[index + 1]}`;
    if (cell(id) === '') throw new UsageError(`${at}: account_id is empty`);
    return [
      {
        ...idOf(cell(provider).toLowerCase() || 'aws', cell(id), at),
        ...(cell(name) === '' ? {} : { name: cell(name) }),
        ...(cell(owner) === '' ? {} : { owner: cell(owner) }),
      },
    ];
  });
}

/** An id that no account can have would be called unlisted for ever, and the account that was meant would not be missed. */
function idOf(provider: string, accountId: string, at: string): Pick<Expected, 'provider' | 'accountId'> {
  const plugin = providers.find(({ name }) => name === provider);
  if (plugin === undefined) {
    const names = providers.map(({ name }) => name).join(', ');
    throw new UsageError(`${at}: there is no provider ${JSON.stringify(provider)}; there are ${names}`);
  }
  const { pattern, hint } = plugin.accountId;
  if (pattern.test(accountId)) return { provider, accountId };
  throw new UsageError(
    `${at}: ${JSON.stringify(accountId)} is not an account id of ${provider} (${hint.split(',')[0]}); spreadsheets spoil long numbers and leading zeros: keep the column as text`,
  );
}
