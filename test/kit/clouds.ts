import { writeCredentialReport } from '../../src/simulator/aws/credential-report.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';

/** The CSV that the account would show now. */
export function trueCsv({ world }: Simulator, account: string): string {
  return writeCredentialReport(world, world.accounts.get(account)!);
}

/** These very bytes are the account's next report. */
export async function serve({ url }: Simulator, account: string, bytes: Buffer | string): Promise<void> {
  const csv_base64 = Buffer.from(bytes).toString('base64');
  await post(url, 'report', { account, csv_base64 });
}

/** What the role may do from now on. */
export async function permit({ url, accounts }: Simulator, account: string, allow: readonly string[]): Promise<void> {
  await post(url, 'permissions', { account, principal: accounts.find(({ id }) => id === account)!.roleName, allow });
}

export async function plant({ url }: Simulator, fault: Readonly<Record<string, unknown>>): Promise<void> {
  await post(url, 'faults', fault);
}

async function post(url: string, path: string, body: unknown): Promise<void> {
  const answer = await fetch(`${url}/_simulator/${path}`, { method: 'POST', body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`the simulator refused: ${await answer.text()}`);
}
