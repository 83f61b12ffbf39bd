import type { z } from 'zod';
import { tell } from './check.ts';
import type { Diagnostics } from './diagnostics.ts';
import { type LocatedMap, pick, plainValue } from './located.ts';
import { type Problem, problemsOf, withoutEchoes } from './problems.ts';
import { keysOf, type Shape, shapeOf, shapesAt } from './shape.ts';

/** A schema and the keys it knows. */
export interface Keys<T> {
  readonly schema: z.ZodType<T>;
  readonly shape: Shape;
  readonly names: readonly string[];
}

export function keysOfSchema<T>(schema: z.ZodType<T>): Keys<T> {
  const shape = shapeOf(schema);
  return { schema, shape, names: keysOf(shapesAt(shape, [])) };
}

export interface Parsed<T> {
  /** Undefined when wrong; the diagnostics say why. */
  readonly common: T | undefined;
  readonly own: { readonly settings: unknown } | undefined;
}

/** Reads a mapping whose keys belong to two schemas: those that all of its kind have, and the plugin's own. */
export function parseBoth<T>(
  tree: LocatedMap,
  common: Keys<T>,
  plugin: Keys<unknown> | undefined,
  diagnostics: Diagnostics,
): Parsed<T> {
  const first = common.schema.safeParse(plainValue(tree));
  const problems: Problem[] = first.success ? [] : [...problemsOf(first.error.issues, tree, common.shape)];
  const own = pick(tree, (key) => !common.names.includes(key));
  const second = plugin?.schema.safeParse(plainValue(own));
  if (plugin !== undefined && second?.success === false) {
    problems.push(...problemsOf(second.error.issues, own, plugin.shape, common.names));
  }
  tell(withoutEchoes(problems), tree, diagnostics);
  return { common: first.data, own: second?.success === true ? { settings: second.data } : undefined };
}
