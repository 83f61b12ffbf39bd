import type { z } from 'zod';
import type { Diagnostics } from './diagnostics.ts';
import { find, type Located, nearest, plainValue } from './located.ts';
import { type Problem, problemsOf } from './problems.ts';
import { shapeOf } from './shape.ts';

/** What helps with keys that are often tried and do not exist. */
const HINTS: Readonly<Record<string, string>> = {
  time_zone: ': the tick is always UTC',
  timezone: ': the tick is always UTC',
  schedule: ': "tick" says when to look, "every" (per report kind) how often a report is wanted',
  interval: ': "tick" says when to look, "every" (per report kind) how often a report is wanted',
};

/** Parses a part of the tree; undefined when it is wrong, and the diagnostics say why. */
export function check<T>(schema: z.ZodType<T>, tree: Located, diagnostics: Diagnostics): T | undefined {
  const parsed = schema.safeParse(plainValue(tree));
  if (parsed.success) return parsed.data;
  tell(problemsOf(parsed.error.issues, tree, shapeOf(schema)), tree, diagnostics);
  return undefined;
}

export function tell(problems: readonly Problem[], tree: Located, diagnostics: Diagnostics): void {
  for (const problem of problems) {
    const node = nearest(tree, problem.at);
    if (problem.kind === 'unknown') tellUnknown(node, problem, diagnostics);
    else if (problem.kind === 'missing')
      diagnostics.complain(node, node.place, `"${problem.key}" is missing${problem.why}`);
    else if (find(tree, problem.at) !== undefined) diagnostics.reject(node, problem.message);
    else diagnostics.complain(node, node.place, problem.message);
  }
}

function tellUnknown(
  node: Located,
  { key, meant }: { readonly key: string; readonly meant: string | undefined },
  diagnostics: Diagnostics,
): void {
  const place = node.kind === 'map' ? node.entries.get(key)?.keyPlace : undefined;
  const hint = meant === undefined ? (HINTS[key] ?? '') : `; did you mean "${meant}"?`;
  diagnostics.complain(node, place ?? node.place, `unknown key "${key}"${hint}`);
}
