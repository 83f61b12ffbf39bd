import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { PolicyDocument, Provider } from '../../providers/provider.ts';
import { UnreadableFile, UsageError } from '../io.ts';
import { type Difference, differences } from './diff.ts';
import { statementsIn } from './statements.ts';

/** One file that a person gave, and how it differs from what Muster needs. */
export interface Comparison {
  readonly file: string;
  /** The document that it was compared with. */
  readonly document: string;
  readonly differences: readonly (Difference & { readonly costs?: string })[];
}

/** A policy as somebody has it: a JSON file, or a folder of them. */
export async function readPresent(path: string): Promise<ReadonlyMap<string, unknown>> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    (error: unknown) => unreadable(path, error),
  );
  const files = isFolder ? (await readdir(path)).filter((name) => name.endsWith('.json')).toSorted() : [''];
  if (files.length === 0) throw new UsageError(`--diff ${path}: there is no .json file in it`);
  const found = new Map<string, unknown>();
  for (const name of files) {
    const file = name === '' ? path : join(path, name);
    found.set(file, await readPolicyFile(file));
  }
  return found;
}

export async function readPolicyFile(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => unreadable(file, error));
  const policy: unknown = parsed(text.replace(/^\uFEFF/, ''), file);
  if (statementsIn(policy).length === 0) throw new UsageError(`--diff ${file}: there is no policy in it`);
  return policy;
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`--diff ${file}: it is not JSON`);
  }
}

function unreadable(path: string, error: unknown): never {
  throw new UnreadableFile(`--diff ${path}`, error);
}

/** Each file with the document of its name, else with the one of its kind that it is closest to. */
export function compared(
  present: ReadonlyMap<string, unknown>,
  documents: readonly PolicyDocument[],
  provider: Provider | undefined,
): readonly Comparison[] {
  return [...present].map(([file, policy]) => {
    const named = documents.filter(({ name }) => name === basename(file, '.json'));
    const candidates = named.length > 0 ? named : alike(policy, documents);
    const [best] = candidates
      .map(({ name, document }) => ({ file, document: name, differences: differences(policy, document) }))
      .toSorted((a, b) => a.differences.length - b.differences.length);
    if (best === undefined) throw new UsageError(`--diff ${file}: this config needs no such policy`);
    return { ...best, differences: best.differences.map((one) => priced(one, best.document, provider)) };
  });
}

/** Trust policies have principals; of the others, one that only takes roles is the hub's. */
function alike(policy: unknown, documents: readonly PolicyDocument[]): readonly PolicyDocument[] {
  const statements = statementsIn(policy);
  const isTrust = statements.some(({ principals }) => principals !== undefined);
  const ofKind = documents.filter(({ name }) => /-trust/.test(name) === isTrust);
  const accounts = ofKind.filter(({ name }) => name.startsWith('account-'));
  const takes = statements
    .flatMap(({ actions }) => actions)
    .every((action) => /^(?:sts|organizations?|resourcemanager):/.test(action));
  return accounts.length === 0 || (takes && !isTrust) ? ofKind : accounts;
}

function priced(difference: Difference, document: string, provider: Provider | undefined) {
  const on = document.startsWith('account-') ? 'account' : 'hub';
  const note = provider?.actions?.find(
    (one) => one.on === on && one.action.replace(/^name\//, '') === difference.action,
  );
  if (difference.is !== 'lacks' || note === undefined) return difference;
  const also = note.elsewhere === undefined ? '' : `; ${note.elsewhere.where}: ${note.elsewhere.words}`;
  return { ...difference, costs: `${note.without.words}${also}` };
}
