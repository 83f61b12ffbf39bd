import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { makeFolder } from '../../archive/make-folder.ts';
import type { RolloutFile } from '../../providers/provider.ts';
import { DONE, type Io, UsageError } from '../io.ts';
import { jsonText, table } from '../text.ts';

export interface Chosen {
  readonly only?: string | undefined;
  readonly out?: string | undefined;
}

/** One file as it is, several as one JSON object, or each in a file of its own. */
export async function show(files: readonly RolloutFile[], { only, out }: Chosen, io: Io): Promise<number> {
  const chosen = files.filter(({ name }) => name === only || isNamed(name, only));
  const [first] = chosen;
  if (first === undefined) throw noDocument(only, files);
  if (out !== undefined) {
    const folder = resolve(io.cwd, out);
    await writeAll(folder, chosen);
    await io.out(
      table(
        ['FILE', 'WHAT'],
        chosen.map(({ name, about }) => [join(out, name), about]),
      ),
    );
    return DONE;
  }
  if (chosen.length === 1) await io.out(textOf(first.content));
  else
    await io.out(jsonText(Object.fromEntries(chosen.map(({ name, about, content }) => [name, { about, content }])), 2));
  return DONE;
}

async function writeAll(folder: string, files: readonly RolloutFile[]): Promise<void> {
  try {
    await makeFolder(folder);
    for (const { name, content } of files) await writeFile(join(folder, name), textOf(content));
  } catch (cause) {
    throw new UsageError(`--out ${folder} cannot be written: ${cause instanceof Error ? cause.message : 'unknown'}`);
  }
}

function textOf(content: unknown): string {
  return typeof content === 'string' ? content : jsonText(content, 2);
}

/** Of several of a kind, which have numbers, the kind alone names all. */
export function isNamed(name: string, wanted: string | undefined): boolean {
  const bare = name.replace(/\.\w+$/, '');
  return wanted === undefined || [bare, bare.replace(/-\d+$/, '')].includes(wanted);
}

export function noDocument(only: string | undefined, documents: readonly { readonly name: string }[]): UsageError {
  const names = documents.map(({ name }) => name.replace(/\.json$/, '')).join(', ') || 'none';
  return new UsageError(`there is no document ${JSON.stringify(only)} for this config; there are: ${names}`);
}
