import { checkKey, checkPrefix } from '../../src/archive/key.ts';
import type { Store } from '../../src/archive/store.ts';

export interface MemoryStore extends Store {
  /** For tests that look, and for those that tamper. */
  readonly objects: Map<string, Uint8Array>;
  /** How often each operation was asked for. */
  readonly calls: { create: number; get: number; list: number };
}

/** A store that lives as long as the test. */
export function memoryStore(): MemoryStore {
  const objects = new Map<string, Uint8Array>();
  const calls = { create: 0, get: 0, list: 0 };
  async function* list(prefix: string, after = ''): AsyncIterable<string> {
    calls.list += 1;
    checkPrefix(prefix);
    yield* [...objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort();
  }
  return {
    name: 'memory',
    objects,
    calls,
    create: async (key, bytes) => {
      calls.create += 1;
      if (objects.has(checkKey(key))) return 'exists';
      objects.set(key, Uint8Array.from(bytes));
      return 'created';
    },
    get: async (key) => {
      calls.get += 1;
      const bytes = objects.get(checkKey(key));
      return bytes === undefined ? undefined : Uint8Array.from(bytes);
    },
    list,
    close: () => undefined,
  };
}
