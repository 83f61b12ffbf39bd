import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const ROOT = join(import.meta.dirname, '..', '..');
const SRC = join(ROOT, 'src');
export const MAIN = join(ROOT, 'dist', 'cli', 'main.js');
const STALE_LOCK_MS = 120_000;

let built: Promise<void> | undefined;

/** `npm test` has built already. Where dist is missing or older than src, one of the test processes builds it, and the others wait. */
export function ensureBuilt(): Promise<void> {
  built ??= build();
  return built;
}

async function build(): Promise<void> {
  const lock = join(tmpdir(), `muster-build-${createHash('sha256').update(ROOT).digest('hex').slice(0, 16)}`);
  while (isStale()) {
    if (!taken(lock)) {
      await pause(50);
      continue;
    }
    try {
      if (isStale()) compile();
      return;
    } finally {
      rmSync(lock, { recursive: true, force: true });
    }
  }
}

function compile(): void {
  try {
    const compiler = join(ROOT, 'node_modules', '.bin', 'tsc');
    execFileSync(compiler, ['-p', 'tsconfig.build.json'], { cwd: ROOT, stdio: 'pipe' });
  } catch (cause) {
    const said = cause instanceof Error && 'stdout' in cause ? String(cause.stdout).slice(0, 2_000) : '';
    throw new Error(`src does not compile, so there is no CLI to test\n${said}`, { cause });
  }
}

/** A lock that its owner left behind is removed. */
function taken(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (performance.timeOrigin + performance.now() - since > STALE_LOCK_MS)
      rmSync(lock, { recursive: true, force: true });
    return false;
  }
}

function isStale(): boolean {
  const builtAt = statSync(MAIN, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return newest(SRC) > builtAt;
}

function newest(folder: string): number {
  const times = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => statSync(join(folder, file), { throwIfNoEntry: false })?.mtimeMs ?? 0);
  return Math.max(...times);
}
