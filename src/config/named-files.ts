import { isAbsolute } from 'node:path';
import { authoritiesOf } from '../kit/authorities.ts';
import type { Diagnostics } from './diagnostics.ts';
import { child, type Located, type LocatedMap, textOf } from './located.ts';
import { readSecretFile } from './secret-file.ts';

/** By key: what is wrong with the file of that name, undefined when nothing is. */
const LOOKS: Readonly<Record<string, (file: string) => Promise<string | undefined>>> = {
  ca_file: lookIntoAuthorities,
  token_file: lookIntoToken,
};

interface Named {
  readonly key: string;
  readonly file: string;
  readonly node: Located;
  /** `account prod`. */
  readonly whose: string | undefined;
}

/** Files that are read at the first call only. They may come yet, and cost one account: that is odd, not wrong. */
export async function warnOfNamedFiles(tree: Located, diagnostics: Diagnostics): Promise<void> {
  const looked = new Map<string, string | undefined>();
  for (const { key, file, node, whose } of filesIn(tree)) {
    const mark = `${key} ${file}`;
    if (!looked.has(mark)) looked.set(mark, await LOOKS[key]?.(file));
    const problem = looked.get(mark);
    const suffers = whose === undefined ? '' : `: ${whose} cannot be asked`;
    if (problem !== undefined) diagnostics.warn(node.place, `${node.path}: ${file} ${problem}${suffers}`);
  }
}

function* filesIn(tree: Located, whose?: string): Generator<Named> {
  if (tree.kind === 'list') for (const item of tree.items) yield* filesIn(item, whose);
  if (tree.kind !== 'map') return;
  const owner = ownerOf(tree) ?? whose;
  for (const [key, { node }] of tree.entries) {
    const file = Object.hasOwn(LOOKS, key) ? textOf(node) : undefined;
    if (file === undefined) yield* filesIn(node, owner);
    else yield { key, file, node, whose: owner };
  }
}

/** Of an entry of `accounts` or `organizations`. */
function ownerOf(map: LocatedMap): string | undefined {
  const id = child(map, 'account_id');
  const name = textOf(child(map, 'name') ?? id);
  if (name === undefined || !map.entries.has('provider')) return undefined;
  return `${id === undefined ? 'organization' : 'account'} ${name}`;
}

async function lookIntoAuthorities(file: string): Promise<string | undefined> {
  if (!isAbsolute(file)) return undefined; // is told as a mistake
  try {
    await authoritiesOf(file)();
    return undefined;
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    return message.slice(message.indexOf(file) + file.length).replaceAll(/^ |;$/g, '');
  }
}

async function lookIntoToken(file: string): Promise<string | undefined> {
  const read = await readSecretFile(file);
  return 'problem' in read ? read.problem : undefined;
}
