import type { Context } from '../domain/context.ts';
import type { ExceptedFinding, Findings, OpenFinding } from '../domain/finding.ts';
import { formatInstant } from '../domain/instant.ts';
import type { SourceName } from '../domain/names.ts';
import { CONTEXT_PART, FINDINGS_PART } from '../domain/report.ts';
import type { Session } from './session.ts';

/** What is open, and whose it is: as the newest report of its source was judged, and named by what was kept with that report. */
export interface OpenRow extends OpenFinding {
  readonly source: SourceName;
  readonly provider: string;
  readonly account_id: string;
  readonly account: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly generated_at: string;
}

/** What would be open, were it not accepted for a while. */
export type ExceptedRow = OpenRow & Pick<ExceptedFinding, 'exception'>;

interface Rows {
  readonly open: readonly OpenRow[];
  readonly excepted: readonly ExceptedRow[];
}

/** From the head alone: two of its parts are read, and nothing is parsed or judged again. Undefined where there is no report: nothing is known then. */
export async function findingsOf({ archive }: Session, source: SourceName): Promise<Rows | undefined> {
  const head = await archive.head(source);
  if (head === undefined) return undefined;
  const parts = await archive.parts(head, [CONTEXT_PART, FINDINGS_PART]);
  const [context, findings] = [parts.get(CONTEXT_PART), parts.get(FINDINGS_PART)];
  if (context === undefined || findings === undefined) return NONE;
  const { account } = read(context) as Context; // our own parts, their digests were checked
  const about = {
    source,
    provider: account.provider,
    account_id: account.id,
    account: account.name,
    labels: account.labels,
    generated_at: formatInstant(head.generatedAt),
  };
  const { open, excepted = [] } = read(findings) as Findings;
  return {
    open: open.map((finding) => ({ ...finding, ...about })),
    excepted: excepted.map((finding) => ({ ...finding, ...about })),
  };
}

const NONE: Rows = { open: [], excepted: [] };

function read(bytes: Uint8Array): unknown {
  return JSON.parse(new TextDecoder().decode(bytes));
}
