import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Audit } from './politeness-audit.ts';
import { type PolitenessResult, runPoliteness } from './politeness-run.ts';
import { countLog, type FaultyWorker } from './politeness-worker.ts';

const MINUTE_MS = 60_000;

const { values } = parseArgs({
  options: {
    sources: { type: 'string', default: '330' },
    hours: { type: 'string', default: '48' },
    rate: { type: 'string', default: '360' },
    main: { type: 'string', default: join(import.meta.dirname, '../../dist/cli/main.js') },
    keep: { type: 'string' },
  },
});
if (!existsSync(values.main)) throw new Error(`${values.main} is not there: npm run build first`);
const keep = values.keep === undefined ? {} : { keep: resolve(values.keep) };
if (keep.keep !== undefined) mkdirSync(keep.keep, { recursive: true });
const hours = Number(values.hours);
const result = await runPoliteness({
  sources: Number(values.sources),
  hours,
  rate: Number(values.rate),
  skewsMs: [-MINUTE_MS, 0, MINUTE_MS],
  // The one with the right clock lives through it all: its memory is looked at.
  kills: [0.02, 0.14, 0.27, 0.39, 0.52, 0.64, 0.77, 0.89].map((at, index) => ({ at, worker: index % 2 === 0 ? 2 : 0 })),
  flushes: [0.03, 0.58],
  main: resolve(values.main),
  say: (line) => console.log(line),
  ...keep,
});
report(result);
const { audit } = result;
const isPolite = audit.early + audit.earlyStarted + audit.doubleStarted + audit.missedWindows + audit.neverHeld === 0;
process.exitCode = isPolite && audit.broken.length === 0 && result.undelivered === 0 && result.stoppedWell ? 0 : 1;

function report(done: PolitenessResult): void {
  const { audit: judged, workers } = done;
  for (const line of judged.broken.slice(0, 20)) console.log(`broken: ${line}`);
  console.log(`made but never archived ${judged.neverHeld}, archived but never delivered ${done.undelivered}`);
  console.log(
    `asked early ${judged.early}, at most ${Math.round(judged.earliestMs / 1_000)} s early; raced ${judged.raced}`,
  );
  console.log(`minutes between the end of a window and the next report: ${lateness(judged)}`);
  console.log(`calls: ${[...judged.callsByAction].map(([action, count]) => `${action} ${count}`).join(', ')}`);
  console.log(`left in redis: ${JSON.stringify(done.leftovers)}`);
  for (const worker of workers) console.log(memoryOf(worker));
  for (const line of spoken(workers)) console.log(line);
  console.log(
    JSON.stringify({
      sources: Number(values.sources),
      workers: workers.length,
      simulated_hours: hours,
      started: judged.started,
      early: judged.early,
      early_started: judged.earlyStarted,
      double_started: judged.doubleStarted,
      missed_windows: judged.missedWindows + judged.neverHeld,
      reports: judged.reports,
      mean_age_hours: rounded(judged.meanAgeHours),
      calls_per_report: rounded(judged.reportCalls / Math.max(1, judged.reports)),
      kills: done.kills,
      flushes: done.flushes,
      seconds: done.seconds,
    }),
  );
}

function lateness({ lateness: sorted }: Audit): string {
  const at = (share: number) => ((sorted[Math.floor(share * (sorted.length - 1))] ?? 0) / MINUTE_MS).toFixed(1);
  const mean = sorted.reduce((sum, ms) => sum + ms, 0) / Math.max(1, sorted.length) / MINUTE_MS;
  return `mean ${mean.toFixed(1)}, median ${at(0.5)}, 99 % ${at(0.99)}, most ${at(1)}`;
}

function memoryOf({ options, rss, cpuSeconds, kills }: FaultyWorker): string {
  const skew = `clock ${options.skewMs < 0 ? '' : '+'}${options.skewMs / 1_000} s`;
  return `${options.name} (${skew}, killed ${kills} times): RSS ${rss.join(' ')} MB; CPU of the last life ${cpuSeconds} s`;
}

function spoken(workers: readonly FaultyWorker[]): readonly string[] {
  const { counts, words } = countLog(workers.flatMap(({ log }) => log));
  const said = [...counts].map(([happening, count]) => `${happening} ${count}`).join(', ');
  return [`said: ${said}`, ...[...words].map(([text, count]) => `  ${count} × ${text}`)];
}

function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
