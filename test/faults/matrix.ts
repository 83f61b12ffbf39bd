import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Bench, type BenchOptions, openBench } from './bench.ts';
import type { Ended } from './child.ts';
import { judge, type Phase } from './oracle.ts';
import type { Program } from './program.ts';

/** One fault, from a fresh folder to a verdict. Throws when the world did not come right again. */
export interface Case {
  readonly name: string;
  /** Mostly waits: may run beside the ones that use a processor. */
  readonly waits?: boolean;
  readonly run: (stand: Stand) => Promise<Sum>;
}

/** Where a case runs. */
export interface Stand {
  readonly program: Program;
  readonly folder: string;
  readonly patienceMs?: number;
}

export interface Sum {
  readonly lost: number;
  readonly duplicated: number;
}

/** The fault cannot be made on this machine. Said loudly, and counted. */
export class Skipped extends Error {}

export interface CaseResult extends Sum {
  readonly name: string;
  readonly state: 'ok' | 'failed' | 'skipped';
  readonly why: string;
  readonly seconds: number;
}

export async function runCases(
  cases: readonly Case[],
  where: Stand,
  report: (result: CaseResult) => void,
): Promise<readonly CaseResult[]> {
  const results: CaseResult[] = [];
  const run = async (list: readonly Case[], atOnce: number) => {
    const rest = [...list.entries()];
    const work = async () => {
      for (let next = rest.shift(); next !== undefined; next = rest.shift()) {
        const [index, one] = next;
        const folder = join(where.folder, `${one.waits === true ? 'w' : 'c'}${index}`);
        const result = await runCase(one, { ...where, folder });
        results.push(result);
        report(result);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
  };
  await Promise.all([
    run(
      cases.filter(({ waits }) => waits !== true),
      2,
    ),
    run(
      cases.filter(({ waits }) => waits === true),
      4,
    ),
  ]);
  return results;
}

/** For the ones that pick a few: what is not there any more must be noticed. */
export function named(name: string, cases: readonly Case[]): Case {
  const found = cases.find((one) => one.name === name);
  if (found === undefined) throw new Error(`there is no case ${name}`);
  return found;
}

export async function runCase(one: Case, stand: Stand): Promise<CaseResult> {
  const began = performance.now();
  const seconds = () => Math.round((performance.now() - began) / 100) / 10;
  try {
    await mkdir(stand.folder, { recursive: true });
    const sum = await one.run(stand);
    return { name: one.name, state: 'ok', why: '', seconds: seconds(), ...sum };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const lost = error instanceof Wrong ? error.lost : 0;
    const state = error instanceof Skipped ? 'skipped' : 'failed';
    return { name: one.name, state, why, seconds: seconds(), lost, duplicated: 0 };
  }
}

/** The oracle is not content. */
class Wrong extends Error {
  readonly lost: number;

  constructor(lost: number, message: string) {
    super(message);
    this.lost = lost;
  }
}

/** Opens a bench, closes it whatever happens. */
export async function onBench(
  stand: Stand,
  options: Omit<BenchOptions, 'program' | 'folder' | 'patienceMs'>,
  work: (bench: Bench) => Promise<Sum>,
): Promise<Sum> {
  const patience = stand.patienceMs === undefined ? {} : { patienceMs: stand.patienceMs };
  const bench = await openBench({
    program: stand.program,
    folder: join(stand.folder, 'home'),
    ...patience,
    ...options,
  });
  try {
    return await work(bench);
  } finally {
    await bench.close();
  }
}

/** Asks the oracle; throws what it found. */
export async function insist(bench: Bench, phase: Phase, reports?: number): Promise<Sum> {
  const verdict = await judge(bench, phase);
  const problems = [...verdict.problems];
  if (reports !== undefined && verdict.reports !== reports)
    problems.push(`${verdict.reports} reports are archived and not ${reports}`);
  if (problems.length > 0) throw new Wrong(verdict.lost, `${phase}: ${problems.join('\n    ')}`);
  return { lost: verdict.lost, duplicated: verdict.duplicated };
}

export function expectEnd(what: string, ended: Ended, expected: { code?: number; signal?: NodeJS.Signals }): void {
  if (expected.signal === undefined && ended.code === (expected.code ?? 0)) return;
  if (expected.signal !== undefined && ended.signal === expected.signal) return;
  const said = ended.stderr.trim().split('\n').slice(-12).join('\n    ');
  throw new Error(
    `${what} ended with ${ended.signal ?? ended.code} and not with ${expected.signal ?? expected.code ?? 0}\n    ${said}`,
  );
}
