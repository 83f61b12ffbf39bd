import type { z } from 'zod';
import { closest } from '../kit/suggest.ts';
import { find, type Located } from './located.ts';
import { keysOf, type Shape, shapesAt } from './shape.ts';
import { wordsOfIssue } from './words.ts';

/** A schema's issue in our words, hung on what was written. */
export type Problem =
  | { readonly kind: 'unknown'; readonly at: Path; readonly key: string; readonly meant: string | undefined }
  | { readonly kind: 'missing'; readonly at: Path; readonly key: string; readonly why: string }
  | { readonly kind: 'wrong'; readonly at: Path; readonly message: string };

type Path = readonly PropertyKey[];
type Issue = z.core.$ZodIssue;

/** Without what only follows from something else: a missing key that is there under a misspelt name. */
export function problemsOf(issues: readonly Issue[], tree: Located, shape: Shape, also: readonly string[] = []) {
  return withoutEchoes(issues.flatMap((issue) => problems(issue, { tree, shape, also })));
}

export function withoutEchoes(found: readonly Problem[]): readonly Problem[] {
  const misspelt = new Set(
    found.flatMap((one) => (one.kind === 'unknown' && one.meant !== undefined ? [id(one.at, one.meant)] : [])),
  );
  return found.filter((one) => one.kind !== 'missing' || !misspelt.has(id(one.at, one.key)));
}

interface Ground {
  readonly tree: Located;
  readonly shape: Shape;
  /** Keys that the root may have beside the shape's. */
  readonly also: readonly string[];
}

function problems(issue: Issue, ground: Ground): readonly Problem[] {
  const written = find(ground.tree, issue.path);
  if (issue.code === 'unrecognized_keys') return unknownKeys(issue.path, issue.keys, ground);
  if (written === undefined && issue.path.length > 0) return [absent(issue)];
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [wrong(issue, written)];
  return union(issue.path, issue.errors, ground);
}

function unknownKeys(at: Path, keys: readonly string[], { shape, also }: Ground): readonly Problem[] {
  const known = [...keysOf(shapesAt(shape, at)), ...(at.length === 0 ? also : [])];
  return keys.map((key) => ({ kind: 'unknown', at, key, meant: closest(key, known) }));
}

function absent(issue: Issue): Problem {
  const why = issue.code === 'custom' ? `: ${wordsOfIssue(issue, undefined)}` : '';
  return { kind: 'missing', at: issue.path.slice(0, -1), key: String(issue.path.at(-1)), why };
}

function wrong(issue: Issue, written: Located | undefined): Problem {
  return { kind: 'wrong', at: issue.path, message: wordsOfIssue(issue, written) };
}

/** Of several alternatives, the one that was probably meant: the least is wrong with it, counted at the top first. */
function union(at: Path, branches: readonly (readonly Issue[])[], ground: Ground): readonly Problem[] {
  const rebased = branches.map((issues) => issues.map((issue) => ({ ...issue, path: [...at, ...issue.path] })));
  const fitting = rebased.filter((issues) => !issues.some((issue) => isOtherType(issue, at)));
  if (fitting.length === 0) return [{ kind: 'wrong', at, message: wantedTypes(rebased.flat(), ground, at) }];
  const options = fitting.map((issues) => withoutEchoes(issues.flatMap((issue) => problems(issue, ground))));
  const isOpen =
    options.length > 1 && options.every((found) => found.every((one) => one.kind === 'missing' && isAt(one.at, at)));
  if (isOpen) return [{ kind: 'wrong', at, message: `needs one of ${missingKeys(options.flat())}` }];
  return options.reduce((best, option) => (score(option, at) < score(best, at) ? option : best));
}

function isOtherType(issue: Issue, at: Path): boolean {
  if (!isAt(issue.path, at)) return false;
  if (issue.code === 'invalid_union') return issue.errors.every((branch) => branch.some((one) => isOtherType(one, [])));
  return issue.code === 'invalid_type' || issue.code === 'invalid_value';
}

function wantedTypes(issues: readonly Issue[], ground: Ground, at: Path): string {
  const written = find(ground.tree, at);
  const flat = issues.flatMap((issue) => (issue.code === 'invalid_union' ? issue.errors.flat() : [issue]));
  const isText = flat.every((issue) => issue.code === 'invalid_type' && ['string', 'Secret'].includes(issue.expected));
  const first = flat[0];
  if (isText && first !== undefined) return wordsOfIssue(first, written);
  const wanted = flat.map((issue) => wordsOfIssue(issue, undefined).replace(/^must be /, ''));
  return `must be ${[...new Set(wanted)].filter((one) => one !== '').join(', or ')}`;
}

function missingKeys(found: readonly Problem[]): string {
  return [...new Set(found.flatMap((one) => (one.kind === 'missing' ? [one.key] : [])))].join(', ');
}

function score(found: readonly Problem[], at: Path): number {
  const atTop = found.filter((one) => isAt(one.at, at)).length;
  return atTop * 1_000 + found.length;
}

function isAt(path: Path, at: Path): boolean {
  return path.length === at.length;
}

function id(at: Path, key: string): string {
  return JSON.stringify([...at.map(String), key]);
}
