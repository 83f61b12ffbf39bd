import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { reportPair } from './aws-reports.ts';

/** Accounts whose reports lie ready in a folder, one pair of files each. */
export async function writeInputs(folder: string, accounts: number, usersEach: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const id of accountIds(accounts)) {
    const { before, after } = reportPair(id, usersEach);
    await writeFile(beforeFile(folder, id), before);
    await writeFile(afterFile(folder, id), after);
  }
}

export function accountIds(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => String(100_000_000_000 + index));
}

export function beforeFile(folder: string, id: string): string {
  return join(folder, `${id}.before.csv`);
}

export function afterFile(folder: string, id: string): string {
  return join(folder, `${id}.after.csv`);
}
