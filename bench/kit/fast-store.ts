import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Store } from '../../src/archive/store.ts';

/** Fills a folder as the file store would, without its fsyncs: fifty thousand of them would take minutes. */
export function fastStore(folder: string): Store {
  const made = new Set<string>();
  const makeFolder = (path: string) => {
    if (made.has(path)) return;
    mkdirSync(path, { recursive: true });
    made.add(path);
  };
  return {
    name: folder,
    create: (key, bytes) => {
      const path = join(folder, key);
      makeFolder(dirname(path));
      return Promise.resolve(created(path, bytes));
    },
    get: (key) => Promise.resolve(readIfThere(join(folder, key))),
    async *list() {},
    close: () => undefined,
  };
}

function created(path: string, bytes: Uint8Array): 'created' | 'exists' {
  try {
    writeFileSync(path, bytes, { flag: 'wx' });
    return 'created';
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return 'exists';
    throw error;
  }
}

function readIfThere(path: string): Uint8Array | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
