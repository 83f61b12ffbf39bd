import type { Build } from '../kit/build.ts';
import { measured } from '../kit/child.ts';
import type { Line } from '../kit/line.ts';
import { median, rounded } from '../kit/median.ts';
import { writePlanArchive } from '../kit/plan-archive.ts';
import type { Spent } from '../kit/throughput.ts';

const RUNS = 3;
const SOURCES = 10_000;
const AIM_SECONDS = 2;

interface Planned {
  readonly cold: Spent;
  readonly steady: Spent;
}

/** 10,000 sources in a folder, one report each, one sink: a plan in a new process, and the one after it. */
export async function measurePlan(built: Build): Promise<readonly Line[]> {
  const folder = built.file('plan-archive');
  await writePlanArchive(folder, SOURCES);
  const runs: Planned[] = [];
  for (let run = 0; run < RUNS; run += 1)
    runs.push(await measured<Planned>(built.file('bench/plan.js'), [folder, String(SOURCES)]));
  return [
    line(
      'plan, steady state',
      runs.map(({ steady }) => steady),
    ),
    line(
      'plan, new process',
      runs.map(({ cold }) => cold),
    ),
  ];
}

function line(bench: string, runs: readonly Spent[]): Line {
  const seconds = rounded(median(runs.map(({ ms }) => ms)) / 1_000, 2);
  const cpu_seconds = rounded(median(runs.map(({ cpu_ms }) => cpu_ms)) / 1_000, 2);
  const peak_rss_mb = rounded(median(runs.map((run) => run.peak_rss_mb)));
  const aim = `seconds <= ${AIM_SECONDS}`;
  return { bench, sources: SOURCES, seconds, cpu_seconds, peak_rss_mb, aim, met: seconds <= AIM_SECONDS };
}
