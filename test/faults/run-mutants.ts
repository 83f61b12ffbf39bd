import { join } from 'node:path';
import { type Case, type CaseResult, named, runCase } from './matrix.ts';
import type { Mutant } from './mutants.ts';
import { mutate, type Program } from './program.ts';

export interface MutantResult {
  readonly name: string;
  /** `broken`: it could not be planted, or does not run at all; that proves nothing. */
  readonly state: 'caught' | 'survived' | 'skipped' | 'broken';
  /** The case that turned red and why, or what was tried. */
  readonly why: string;
}

const BROKEN = /SyntaxError|ReferenceError|ERR_MODULE_NOT_FOUND|is not defined/;
const AT_ONCE = 3;
/** Waiting for something that a mutant never does. */
const PATIENCE_MS = 15_000;

/** Each mutant in a copy of the program, on just the cases that must turn red. */
export async function runMutants(
  mutants: readonly Mutant[],
  cases: readonly Case[],
  where: { readonly program: Program; readonly folder: string },
  report: (result: MutantResult) => void,
): Promise<readonly MutantResult[]> {
  const results: MutantResult[] = [];
  const rest = [...mutants.entries()];
  const work = async () => {
    for (let next = rest.shift(); next !== undefined; next = rest.shift()) {
      const [index, mutant] = next;
      const folder = join(where.folder, `m${index}`);
      const result = await runMutant(mutant, cases, { ...where, folder }).catch((error: unknown) => ({
        name: mutant.name,
        state: 'broken' as const,
        why: error instanceof Error ? error.message : String(error),
      }));
      results.push(result);
      report(result);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return results;
}

async function runMutant(
  mutant: Mutant,
  cases: readonly Case[],
  { program, folder }: { readonly program: Program; readonly folder: string },
): Promise<MutantResult> {
  const mutated = await mutate(program, join(folder, 'program'), mutant.patches);
  const results: CaseResult[] = [];
  for (const [index, one] of mutant.cases.map((name) => named(name, cases)).entries()) {
    const stand = { program: mutated, folder: join(folder, `case${index}`), patienceMs: PATIENCE_MS };
    const result = await runCase(one, stand);
    const state = BROKEN.test(result.why) ? 'broken' : 'caught';
    if (result.state === 'failed') return { name: mutant.name, state, why: `${one.name}: ${result.why}` };
    results.push(result);
  }
  const state = results.every((result) => result.state === 'skipped') ? 'skipped' : 'survived';
  return { name: mutant.name, state, why: mutant.cases.join(', ') };
}
