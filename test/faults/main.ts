import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { allCases } from './cases/all.ts';
import { goldenRuns } from './cases/kill.ts';
import { type CaseResult, runCases } from './matrix.ts';
import { MUTANTS } from './mutants.ts';
import { buildProgram } from './program.ts';
import { type MutantResult, runMutants } from './run-mutants.ts';

/**
 * The crash matrix: `npm run test:faults`. `-- --only REGEXP` runs the cases and mutants whose names match. One line per case
 * and mutant, then one JSON object. Exits 1 when a case fails, an event is lost or a mutant survives.
 */
const { values } = parseArgs({ options: { only: { type: 'string', default: '' }, keep: { type: 'boolean' } } });
const wanted = ({ name }: { readonly name: string }) => new RegExp(values.only, 'i').test(name);
const began = performance.now();
const folder = await mkdtemp(join(tmpdir(), 'muster-faults-'));
try {
  process.exitCode = await matrix();
} finally {
  if (values.keep === true) console.log(`everything is kept in ${folder}`);
  else await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

async function matrix(): Promise<number> {
  const program = await buildProgram(join(folder, 'program'));
  const golden = await goldenRuns({ program, folder });
  const all = allCases(golden);
  const results = await runCases(all.filter(wanted), { program, folder: join(folder, 'cases') }, sayCase);
  const mutants = await runMutants(
    MUTANTS.filter(wanted),
    all,
    { program, folder: join(folder, 'mutants') },
    sayMutant,
  );
  await golden.base.close();
  const count = (state: CaseResult['state']) => results.filter((one) => one.state === state).length;
  const sum = (of: 'lost' | 'duplicated') => results.reduce((total, one) => total + one[of], 0);
  const skipped = count('skipped') + mutants.filter(({ state }) => state === 'skipped').length;
  if (skipped > 0) console.log(`WARNING: ${skipped} cases or mutants could not be run on this machine`);
  const survived = mutants.filter(({ state }) => state === 'survived' || state === 'broken').length;
  const totals = {
    runs: results.length,
    lost: sum('lost'),
    duplicated: sum('duplicated'),
    failed: count('failed'),
    skipped,
    mutants: mutants.length,
    mutants_caught: mutants.filter(({ state }) => state === 'caught').length,
    seconds: Math.round((performance.now() - began) / 1_000),
  };
  console.log(JSON.stringify(totals));
  return totals.failed + totals.lost + survived === 0 && totals.runs + totals.mutants > 0 ? 0 : 1;
}

function sayCase({ name, state, why, seconds }: CaseResult): void {
  console.log(`${state.padEnd(8)} ${seconds.toFixed(1).padStart(4)}s  ${name}${why === '' ? '' : `\n    ${why}`}`);
}

function sayMutant({ name, state, why }: MutantResult): void {
  console.log(`${state.padEnd(8)}        mutant: ${name}\n    ${why.split('\n').slice(0, 2).join('\n').slice(0, 240)}`);
}
