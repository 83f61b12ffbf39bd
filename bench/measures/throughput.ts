import type { Build } from '../kit/build.ts';
import { measured } from '../kit/child.ts';
import { writeInputs } from '../kit/inputs.ts';
import type { Line } from '../kit/line.ts';
import { median, rounded } from '../kit/median.ts';
import type { Throughput } from '../kit/throughput.ts';

const RUNS = 3;
const ACCOUNTS = 20;
const USERS = 5_000;
const AIM = 0.6;
const MOST_MB = 300;

interface Round {
  readonly muster: Throughput;
  readonly cells: Throughput;
  readonly events: Throughput;
}

/** Muster and the bare pipelines take turns, so that a machine that slows down slows all of them. */
export async function measureThroughput(built: Build): Promise<readonly Line[]> {
  const inputs = built.file('inputs');
  await writeInputs(inputs, ACCOUNTS, USERS);
  const args = [inputs, String(ACCOUNTS)];
  const rounds: Round[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    rounds.push({
      muster: await measured<Throughput>(built.file('bench/events.js'), args),
      cells: await measured<Throughput>(built.file('bench/bare.js'), [...args, 'cells']),
      events: await measured<Throughput>(built.file('bench/bare.js'), [...args, 'events']),
    });
  }
  return [
    against('bare pipeline, cells only', rounds, ({ cells }) => cells),
    against('bare pipeline, as many bytes', rounds, ({ events }) => events),
    memory(rounds),
  ];
}

function against(what: string, rounds: readonly Round[], bareOf: (round: Round) => Throughput): Line {
  const of = (number: (round: Round) => number, digits = 0) => rounded(median(rounds.map(number)), digits);
  const ratio = of((round) => bareOf(round).ms / round.muster.ms, 2);
  return {
    bench: 'rows to gzipped events',
    against: what,
    rows: of(({ muster }) => muster.rows),
    rows_per_second: of(({ muster }) => perSecond(muster.rows, muster.ms)),
    rows_per_second_with_base_parsed: of(({ muster }) => perSecond(muster.rows, muster.ms + muster.base_ms)),
    bare_rows_per_second: of((round) => perSecond(bareOf(round).rows, bareOf(round).ms)),
    bytes_per_row: of(({ muster }) => muster.raw / muster.rows),
    bare_bytes_per_row: of((round) => bareOf(round).raw / bareOf(round).rows),
    cpu_ratio: of((round) => bareOf(round).cpu_ms / round.muster.cpu_ms, 2),
    ratio,
    aim: `ratio >= ${AIM}`,
    met: ratio >= AIM,
  };
}

function memory(rounds: readonly Round[]): Line {
  const peak_rss_mb = rounded(median(rounds.map(({ muster }) => muster.peak_rss_mb)));
  const bare_peak_rss_mb = rounded(median(rounds.map(({ cells }) => cells.peak_rss_mb)));
  const aim = `peak_rss_mb <= ${MOST_MB}`;
  return { bench: 'peak memory', users: USERS, peak_rss_mb, bare_peak_rss_mb, aim, met: peak_rss_mb <= MOST_MB };
}

function perSecond(count: number, ms: number): number {
  return count / (ms / 1_000);
}
