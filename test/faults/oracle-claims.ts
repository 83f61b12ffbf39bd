import { formatInstant } from '../../src/domain/instant.ts';
import type { ReportEntry } from '../../src/domain/report.ts';
import type { Bench } from './bench.ts';

interface Claim {
  readonly source: string;
  readonly number: number;
  readonly generatedAt: string;
}

/** Who says that it archived a report must have done so, and nobody else may have: else a number was used twice. */
export function claimProblems({ outputs }: Bench, entries: readonly ReportEntry[]): readonly string[] {
  const problems: string[] = [];
  const claimed = new Set<string>();
  for (const { source, number, generatedAt } of outputs.flatMap(({ stdout, stderr }) => claims(stdout + stderr))) {
    const name = `${source} ${number}`;
    const entry = entries.find((one) => one.source === source && one.number === number);
    if (entry === undefined || formatInstant(entry.generatedAt) !== generatedAt)
      problems.push(`${name}: a process says that it archived it, of ${generatedAt}, but the archive has another`);
    if (claimed.has(name)) problems.push(`${name}: two processes say that they archived it`);
    claimed.add(name);
  }
  return problems;
}

/** From `collect --json` and from the daemon's log. */
function claims(output: string): readonly Claim[] {
  return output.split('\n').flatMap((line) => {
    const said = parsed(line);
    const source = said['source'];
    const number = said['number'];
    if (typeof source !== 'string' || typeof number !== 'number') return [];
    if (said['happening'] === 'archived') return [{ source, number, generatedAt: String(said['generatedAt']) }];
    const generatedAt = /^report \d+ archived.* generated (\S+)$/.exec(String(said['text']))?.[1];
    return generatedAt === undefined ? [] : [{ source, number, generatedAt }];
  });
}

function parsed(line: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
