import { blockLine, type LoopPass } from '../kit/block-line.ts';
import type { Build } from '../kit/build.ts';
import { measured } from '../kit/child.ts';
import type { Line } from '../kit/line.ts';
import { median, rounded } from '../kit/median.ts';

const USERS = 5_000;
const ROUNDS = 15;
const AIM_ROWS = 50_000;
const AIM_MS = 150;

interface Pass {
  readonly rows: number;
  readonly events: number;
  readonly open: number;
  readonly bytes: number;
  readonly ms: number;
  /** Processor time. */
  readonly steps: Readonly<Record<string, number>>;
}

/** One account of 5,000 users, all checks, every row as OCSF: in steps, and in the pipeline itself. */
export async function measureOcsf(built: Build): Promise<readonly Line[]> {
  const args = [String(USERS), String(ROUNDS)];
  const passes = await measured<readonly Pass[]>(built.file('bench/ocsf.js'), args);
  const loops = await measured<readonly LoopPass[]>(built.file('bench/loop.js'), args);
  return [stepsLine(passes), accountLine(passes), blockLine({ users: USERS }, loops)];
}

function stepsLine(passes: readonly Pass[]): Line {
  const names = Object.keys(passes[0]?.steps ?? {});
  const steps = names.map((name) => [name, median(passes.map((pass) => pass.steps[name] ?? 0))] as const);
  const cpu_ms = steps.reduce((sum, [, ms]) => sum + ms, 0);
  const rows = median(passes.map((pass) => pass.rows));
  const rows_per_second = rounded(rows / (cpu_ms / 1_000));
  const shares = Object.fromEntries(steps.map(([name, ms]) => [`${name}_share`, rounded(ms / cpu_ms, 2)]));
  const bytes_per_event = rounded(median(passes.map(({ bytes, events }) => bytes / events)));
  const open_findings = median(passes.map(({ open }) => open));
  const aim = `rows_per_second >= ${AIM_ROWS} (processor time)`;
  const met = rows_per_second >= AIM_ROWS;
  return { bench: 'CSV to OCSF bytes', rows, open_findings, rows_per_second, ...shares, bytes_per_event, aim, met };
}

function accountLine(passes: readonly Pass[]): Line {
  const ms = rounded(median(passes.map((pass) => pass.ms)));
  return { bench: 'an account of 5,000 users', ms, aim: `ms <= ${AIM_MS}`, met: ms <= AIM_MS };
}
