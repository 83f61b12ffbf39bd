import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** A built Muster in a folder of its own: the cases run this one, never the sources. */
export interface Program {
  readonly folder: string;
  readonly main: string;
}

/** One textual change of a built file; what it looks for must be there exactly once. */
export interface Patch {
  readonly file: string;
  readonly find: string | RegExp;
  readonly replace: string;
}

export async function buildProgram(folder: string): Promise<Program> {
  await mkdir(folder, { recursive: true });
  const args = ['-p', 'tsconfig.build.json', '--outDir', join(folder, 'dist'), '--sourceMap', 'false'];
  try {
    await promisify(execFile)(join(ROOT, 'node_modules', '.bin', 'tsc'), args, { cwd: ROOT });
  } catch (error) {
    // Types are somebody else's business: what is emitted either runs or fails the first run.
    const said = error instanceof Error && 'stdout' in error ? String(error.stdout) : String(error);
    console.warn(`WARNING: the build has type errors: ${said.split('\n')[0]}`);
  }
  await dress(folder);
  return programIn(folder);
}

/** A copy with the patches applied. A patch that does not fit any more is a mistake of the matrix, not of Muster. */
export async function mutate(program: Program, folder: string, patches: readonly Patch[]): Promise<Program> {
  await rm(folder, { recursive: true, force: true });
  await cp(join(program.folder, 'dist'), join(folder, 'dist'), { recursive: true });
  await dress(folder);
  for (const { file, find, replace } of patches) {
    const path = join(folder, 'dist', file);
    const text = await readFile(path, 'utf8');
    const matches = find instanceof RegExp ? [...text.matchAll(find)].length : text.split(find).length - 1;
    if (matches !== 1) throw new Error(`${file} holds ${matches} times, and not once: ${String(find)}`);
    await writeFile(path, text.replace(find, replace));
  }
  return programIn(folder);
}

function programIn(folder: string): Program {
  return { folder, main: join(folder, 'dist', 'cli', 'main.js') };
}

/** What Node needs beside the built files: that they are ES modules, and where the packages are. */
async function dress(folder: string): Promise<void> {
  await cp(join(ROOT, 'package.json'), join(folder, 'package.json'));
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
}
