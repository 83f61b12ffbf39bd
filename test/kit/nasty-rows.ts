import { checks, completeRules } from '../../src/derive/checks/registry.ts';
import { judge } from '../../src/derive/judge.ts';
import type { Findings } from '../../src/domain/finding.ts';
import { sourceName } from '../../src/domain/names.ts';
import { atOnce } from '../../src/kit/steps.ts';
import { providers } from '../../src/providers/registry.ts';

/** When the cloud looked: midday, so that dates alone lie half a day away. */
export const NOW = Date.UTC(2026, 8, 11, 12);

export type Cells = Readonly<Record<string, string>>;

export interface Cloud {
  readonly provider: string;
  readonly accountId: string;
  readonly kind: string;
  readonly part: string;
  /** Of the column that names an identity. */
  readonly name: string;
  readonly plain: Cells;
  /** Rows that a whole report has beside the one in question. */
  readonly others: readonly Cells[];
}

/** `5 days ago` and so on, as each cloud writes it. */
export function ago(days: number, seconds = 0): string {
  return `${new Date(NOW - days * 86_400_000 - seconds * 1_000).toISOString().slice(0, 19)}Z`;
}

/** The same in Tencent's words: Beijing time, hours without a zero. */
export function tencentAgo(days: number, seconds = 0): string {
  const there = new Date(NOW + 8 * 3_600_000 - days * 86_400_000 - seconds * 1_000).toISOString();
  return `${there.slice(0, 10)} ${Number(there.slice(11, 13))}${there.slice(13, 19)}`;
}

/** What is found wrong with one row, by the default rules: `check status` for each finding. */
export function verdictsOn(cloud: Cloud, row: Cells, ...also: readonly string[]): readonly string[] {
  const whole = { ...cloud.plain, ...row };
  const findings = judged(cloud, [whole, ...cloud.others], also);
  return findings.open
    .filter(({ identity }) => identity.name === whole[cloud.name])
    .map(({ check, status }) => `${check}${status === 'fail' ? '' : ` ${status}`}`)
    .sort();
}

function judged(cloud: Cloud, rows: readonly Cells[], also: readonly string[]): Findings {
  const { provider, accountId, kind, part } = cloud;
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const line = (cells: readonly string[]) => cells.map(quoted).join(',');
  const csv = [line(columns), ...rows.map((row) => line(columns.map((column) => row[column] ?? '')))].join('\n');
  const about = providers.find(({ name }) => name === provider)!.kinds[kind]!;
  const parsed = atOnce(about.parse(new Map([[part, new TextEncoder().encode(csv)]])));
  if (parsed.defects.length > 0) throw new Error(`in quarantine: ${parsed.defects.map(({ what }) => what).join('; ')}`);
  const switched = checks.filter(({ id }) => also.includes(id));
  const rules = completeRules(Object.fromEntries(switched.map((one) => [one.id, { ...one.defaults, enabled: true }])));
  return judge(sourceName({ provider, accountId, kind }), parsed, NOW, rules, undefined);
}

function quoted(cell: string): string {
  return /[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
