import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '../..');

const BINARY = /\.(png|ico|gz|zip|woff2?)$/;
const NOT_OURS = /(^|\/)(node_modules|dist|coverage|muster-demo|tmp|\.git)(\/|$)/;

/** Every file of the repository that git knows or would know, as text; of a copy without git, every file that we would write. */
export function repositoryFiles(): { readonly path: string; readonly text: string }[] {
  const paths = existsSync(join(ROOT, '.git')) ? pathsKnownToGit() : pathsOnDisk();
  return paths
    .filter((path) => !BINARY.test(path))
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));
}

function pathsKnownToGit(): string[] {
  const listed = git('ls-files', '-z', '--cached', '--others', '--exclude-standard');
  return [...new Set(listed)].filter((path) => path !== '' && existsSync(join(ROOT, path))).sort();
}

function git(...args: readonly string[]): string[] {
  return execFileSync('git', args, { cwd: ROOT, maxBuffer: 1 << 26 })
    .toString()
    .split('\0');
}

function pathsOnDisk(): string[] {
  return readdirSync(ROOT, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1))
    .filter((path) => !NOT_OURS.test(path))
    .sort();
}
