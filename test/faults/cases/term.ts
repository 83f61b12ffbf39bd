import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from '../../kit/until.ts';
import type { Bench } from '../bench.ts';
import type { Child } from '../child.ts';
import { ageLock, FILE_SINK, WEBHOOK_SINK } from '../home.ts';
import { type Case, expectEnd, insist, onBench } from '../matrix.ts';

/** Of a failpoint that a daemon passes many times, every so many hits. */
const EVERY_HIT = 5;

/** The daemon, stopped or killed where a trace says that it passes: the next run finds everything. */
export function daemonCases(hits: readonly string[]): readonly Case[] {
  const numbered = hits.map((hit) => ({ hit, number: Number(hit.slice(hit.indexOf('@') + 1)) }));
  const terms = numbered.filter(({ number }) => number === 1 || number % EVERY_HIT === 0);
  const kills = numbered.filter(({ number }) => number === 1);
  return [
    { name: 'SIGTERM when all is done', run: (stand) => onBench(stand, {}, termAtRest) },
    {
      name: 'two daemons share an archive without a queue, and one is killed',
      waits: true,
      run: (stand) => onBench(stand, { tempo: 'live' }, twoDaemons),
    },
    ...terms.map(({ hit }) => daemonCase(`SIGTERM: ${hit}`, `${hit}=term`, { code: 0 })),
    ...kills.map(({ hit }) => daemonCase(`kill, daemon: ${hit}`, `${hit}=kill`, { signal: 'SIGKILL' })),
  ];
}

function daemonCase(name: string, failpoints: string, end: { code?: number; signal?: NodeJS.Signals }): Case {
  return {
    name,
    run: (stand) =>
      onBench(stand, {}, async (bench) => {
        expectEnd('the daemon', await bench.run(['run'], { failpoints, timeoutMs: bench.patienceMs }), end);
        await insist(bench, 'crashed');
        await ageLock(bench.home);
        bench.later(60_000);
        expectEnd('the run after it', await bench.run(['collect', '--json']), {});
        return insist(bench, 'recovered', 1);
      }),
  };
}

async function termAtRest(bench: Bench) {
  const daemon = bench.start(['run']);
  await received(bench, 1);
  await stopped(daemon);
  return insist(bench, 'recovered', 1);
}

/** Nothing but the archive, and the lock of the file sink, stands between them. */
async function twoDaemons(bench: Bench) {
  const living = bench.start(['run']);
  const doomed = bench.start(['run']);
  await received(bench, 2);
  doomed.kill('SIGKILL');
  await doomed.ended;
  await insist(bench, 'crashed');
  await ageLock(bench.home);
  await received(bench, (await headNumber(bench)) + 1);
  await stopped(living);
  expectEnd('the last collect', await bench.run(['collect', '--json']), {});
  return insist(bench, 'recovered');
}

export async function stopped(daemon: Child): Promise<void> {
  daemon.kill('SIGTERM');
  expectEnd('the daemon', await daemon.ended, { code: 0 });
}

/** Both sinks have this report, or a newer one. */
export async function received(bench: Bench, number: number, source: string = bench.source): Promise<void> {
  const what = `both sinks have report ${number} of ${source}`;
  const has = async (sink: string) => (await highest(join('receipts', sink, source), bench)) >= number;
  await until(what, async () => (await has(FILE_SINK)) && (await has(WEBHOOK_SINK)), bench.patienceMs);
}

/** By folders alone: a number without a manifest counts, which only makes the driver wait for more. */
export async function headNumber(bench: Bench): Promise<number> {
  return highest(join('sources', bench.source), bench);
}

async function highest(place: string, { home }: Bench): Promise<number> {
  const names = await readdir(join(home.archive, place)).catch(() => []);
  return Math.max(0, ...names.map((name) => Number.parseInt(name, 10)).filter((number) => number > 0));
}
