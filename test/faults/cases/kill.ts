import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Bench, nextWindow, openBench } from '../bench.ts';
import { ageLock } from '../home.ts';
import { type Case, expectEnd, insist, onBench, type Stand } from '../matrix.ts';

export interface Golden {
  /** Every failpoint that a process passes, as `name@hit`. */
  readonly first: readonly string[];
  readonly second: readonly string[];
  /** Where the first report is archived and delivered: the second cases begin there. */
  readonly base: Bench;
}

const COLLECT = ['collect', '--json'];

/** One run without a fault, of each kind: it must be clean, and its trace says where to kill. */
export async function goldenRuns(stand: Stand): Promise<Golden> {
  const base = await openBench({ program: stand.program, folder: join(stand.folder, 'base') });
  expectEnd('the first collect', await base.run(COLLECT), {});
  await insist(base, 'recovered', 1);
  const first = await traced(base);
  const later = await openBench({ program: stand.program, folder: join(stand.folder, 'later'), base });
  nextWindow(later);
  expectEnd('the second collect', await later.run(COLLECT), {});
  await insist(later, 'recovered', 2);
  const second = await traced(later);
  expectEnd('reports verify', await later.run(['reports', 'verify']), {});
  await later.close();
  return { first, second, base };
}

export function killCases(golden: Golden): readonly Case[] {
  const { first, second, base } = golden;
  return [
    ...first.map((hit) => killFirst(hit)),
    ...second.map((hit) => killSecond(hit, base)),
    ...second.filter((hit) => hit.endsWith('@1')).map((hit) => killTwice(hit, base)),
  ];
}

/** kill -9 while the first report of a source is collected and delivered. */
function killFirst(hit: string): Case {
  return {
    name: `kill, first report: ${hit}`,
    run: (stand) => onBench(stand, {}, (bench) => killAt(bench, hit, 1)),
  };
}

/** kill -9 while the next report is: there is a base to compare with, and a cursor. */
function killSecond(hit: string, base: Bench): Case {
  return {
    name: `kill, second report: ${hit}`,
    run: (stand) =>
      onBench(stand, { base }, async (bench) => {
        nextWindow(bench);
        return killAt(bench, hit, 2);
      }),
  };
}

/** The run after the kill is killed too, at the same place when it comes there. */
function killTwice(hit: string, base: Bench): Case {
  return {
    name: `kill twice, second report: ${hit}`,
    run: (stand) =>
      onBench(stand, { base }, async (bench) => {
        nextWindow(bench);
        await bench.run(COLLECT, { failpoints: `${hit}=kill` });
        await ageLock(bench.home);
        bench.later(60_000);
        return killAt(bench, hit, 2, true);
      }),
  };
}

async function killAt(bench: Bench, hit: string, reports: number, mayPass = false) {
  const killed = await bench.run(COLLECT, { failpoints: `${hit}=kill` });
  if (!mayPass || killed.signal !== null) expectEnd('the process to kill', killed, { signal: 'SIGKILL' });
  await insist(bench, 'crashed');
  await ageLock(bench.home);
  bench.later(60_000);
  expectEnd('the run after it', await bench.run(COLLECT), {});
  return insist(bench, 'recovered', reports);
}

async function traced(bench: Bench): Promise<readonly string[]> {
  return (await readFile(bench.trace, 'utf8')).split('\n').filter((line) => line !== '');
}
