import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(import.meta.dirname, '..', '..');

export interface Build {
  /** A scratch folder; inputs and archives may be made in it. */
  readonly folder: string;
  /** Where a compiled file is: `src/cli/main.js`, `bench/events.js`. */
  readonly file: (path: string) => string;
  readonly remove: () => Promise<void>;
}

/** What is measured is compiled as a release is, into a folder of its own: no loader, and no dist that is out of date. */
export async function build(): Promise<Build> {
  const folder = await mkdtemp(join(tmpdir(), 'muster-bench-'));
  const file = (path: string) => join(folder, path);
  await writeFile(file('package.json'), '{ "type": "module" }\n');
  await symlink(join(ROOT, 'node_modules'), file('node_modules'));
  const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  try {
    await promisify(execFile)(process.execPath, [tsc, '-p', join(ROOT, 'bench'), '--outDir', folder]);
  } catch (error) {
    if (!existsSync(file('bench/events.js'))) throw error;
    process.stderr.write('bench: the types do not check; what was compiled all the same is measured\n');
  }
  return { folder, file, remove: () => rm(folder, { recursive: true, force: true }) };
}
