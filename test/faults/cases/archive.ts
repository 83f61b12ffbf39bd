import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { injectReport } from '../../../src/simulator/aws/switches.ts';
import { until } from '../../kit/until.ts';
import { type Bench, nextWindow } from '../bench.ts';
import { type FileStep, orderProblems } from '../file-order.ts';
import { type Case, expectEnd, insist, onBench } from '../matrix.ts';

const COLLECT = ['collect', '--json'];
const HOUR_MS = 3_600_000;
const STOP = fileURLToPath(new URL('../preload/stop-before-link.mjs', import.meta.url));
const TRACE = fileURLToPath(new URL('../preload/trace-files.mjs', import.meta.url));

/** Two writers, a lying cloud, a power cut, an impatient operator. */
export function archiveCases(): readonly Case[] {
  return [
    { name: 'two processes race for a number', run: (stand) => onBench(stand, {}, (bench) => race(bench, 0)) },
    {
      name: 'a process wakes up hours later and wants its number',
      run: (stand) => onBench(stand, {}, (bench) => race(bench, 4 * HOUR_MS)),
    },
    { name: 'bytes reach the disk before names do', run: (stand) => onBench(stand, {}, fileOrder) },
    { name: 'nothing is asked before it is due', run: (stand) => onBench(stand, {}, patience) },
    { name: 'the cloud serves an error page', run: (stand) => onBench(stand, {}, (bench) => broken(bench, PAGE)) },
    {
      name: 'the cloud serves a report with most rows gone',
      run: (stand) => onBench(stand, { users: 40 }, (bench) => broken(bench, firstRows)),
    },
    { name: 'ids are the same in every time zone', run: (stand) => onBench(stand, {}, zones) },
  ];
}

/** The first process stops just before its manifest gets a name; another one does it all; then the first goes on. */
async function race(bench: Bench, asleepMs: number) {
  const first = bench.start(COLLECT, { preload: STOP, env: { MUSTER_STOP_BEFORE: '00000001/manifest.json' } });
  await until('the first process has stopped', () => isStopped(first.pid), bench.patienceMs);
  bench.later(asleepMs + 120_000, 3);
  expectEnd('the one that overtakes', await bench.run(COLLECT), {});
  await insist(bench, 'crashed', 1);
  first.kill('SIGCONT');
  expectEnd('the one that was overtaken', await first.ended, {});
  await insist(bench, 'recovered', 1);
  nextWindow(bench);
  expectEnd('the next collect', await bench.run(COLLECT), {});
  return insist(bench, 'recovered', 2);
}

async function isStopped(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return / T /.test(stat.slice(stat.lastIndexOf(')')));
}

async function fileOrder(bench: Bench) {
  const trace = join(bench.home.folder, 'files');
  const traced = { preload: TRACE, env: { MUSTER_FILE_TRACE: trace } };
  expectEnd('the first collect', await bench.run(COLLECT, traced), {});
  nextWindow(bench);
  expectEnd('the second collect', await bench.run(COLLECT, traced), {});
  const steps = (await readFile(trace, 'utf8')).trimEnd().split('\n');
  const problems = orderProblems(
    steps.map((line) => JSON.parse(line) as FileStep),
    bench.home.archive,
    bench.home.events,
  );
  const links = steps.filter((line) => line.includes('"link"')).length;
  if (links < 20 && problems.length === 0) throw new Error(`only ${links} links were seen: the trace is blind`);
  if (problems.length > 0) throw new Error(problems.slice(0, 5).join('\n    '));
  return insist(bench, 'recovered', 2);
}

/** After one hour and a half the cloud would make a new report; it is not asked. */
async function patience(bench: Bench) {
  expectEnd('the first collect', await bench.run(COLLECT), {});
  bench.later(1.5 * HOUR_MS, 5);
  expectEnd('the early collect', await bench.run(COLLECT), {});
  await insist(bench, 'recovered', 1);
  bench.later(2.6 * HOUR_MS);
  expectEnd('the collect in time', await bench.run(COLLECT), {});
  return insist(bench, 'recovered', 2);
}

const PAGE = () => '<!DOCTYPE html><html><body>the service is not available</body></html>\n';

function firstRows(csv: string): string {
  return csv.split('\n').slice(0, 4).join('\n');
}

/** A broken report goes to quarantine and makes no event; the next true one joins the chain. */
async function broken(bench: Bench, breakIt: (csv: string) => string) {
  expectEnd('the first collect', await bench.run(COLLECT), {});
  const { world, accounts } = bench.simulator;
  const csv = breakIt(world.reports.at(-1)?.bytes.toString('utf8') ?? '');
  injectReport(world, { account: accounts[0]?.id, csv_base64: Buffer.from(csv).toString('base64') });
  nextWindow(bench, 0);
  expectEnd('the collect of a broken report', await bench.run(COLLECT), { code: 1 });
  await insist(bench, 'recovered', 1);
  nextWindow(bench, 2);
  expectEnd('the next collect', await bench.run(COLLECT), {});
  return insist(bench, 'recovered', 2);
}

async function zones(bench: Bench) {
  expectEnd('the first collect', await bench.run(COLLECT), {});
  nextWindow(bench);
  expectEnd('the second collect', await bench.run(COLLECT), {});
  const east = await bench.run(['events'], { env: { TZ: 'Pacific/Kiritimati', LANG: 'de_DE.UTF-8' } });
  const west = await bench.run(['events'], { env: { TZ: 'Pacific/Pago_Pago', LANG: 'tr_TR.UTF-8' } });
  expectEnd('events', east, {});
  if (east.stdout === '' || east.stdout !== west.stdout) throw new Error('events differ between time zones');
  return insist(bench, 'recovered', 2);
}
