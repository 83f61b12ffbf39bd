import { Fault } from '../domain/fault.ts';
import { systemClock } from '../kit/clock.ts';
import type { SecretSource } from '../kit/secret.ts';
import type { SecretStore, SecretStorePlugin } from '../secrets/store.ts';
import { readSecretFile } from './secret-file.ts';

/** A part of a text that a reference brought; text beside references is one that never changes. */
export interface Piece extends SecretSource {}

export function fixedPiece(value: string): Piece {
  return { read: () => value, renew: async () => undefined };
}

/** Read again at each use. While the file is away or broken, what it held counts on: it may just be written. */
export function filePiece(file: string, first: string): Piece {
  let value = first;
  return {
    read: () => value,
    async renew() {
      const read = await readSecretFile(file);
      if ('value' in read) value = read.value;
    },
  };
}

/** As the place tells it; a Fault at `read` while it has never told. */
export function storedPiece(ask: (isRefused: boolean) => Promise<string>, first: string | Fault): Piece {
  let known = first;
  return {
    read() {
      if (known instanceof Fault) throw known;
      return known;
    },
    async renew(isRefused) {
      try {
        known = await ask(isRefused);
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        if (known instanceof Fault) known = error;
      }
    },
  };
}

/** One after the other, in the order in which they were written. */
export function joined(pieces: readonly Piece[]): SecretSource {
  return {
    read: () => pieces.map((piece) => piece.read()).join(''),
    async renew(isRefused) {
      for (const piece of pieces) await piece.renew(isRefused);
    },
  };
}

/** The places that references may name, each opened when the first one does. */
export interface SecretStores {
  plugin(scheme: string): SecretStorePlugin | undefined;
  opened(plugin: SecretStorePlugin): SecretStore;
  readonly hints: readonly string[];
}

export function secretStoresOf(plugins: readonly SecretStorePlugin[], env: NodeJS.ProcessEnv): SecretStores {
  const open = new Map<string, SecretStore>();
  const clock = systemClock();
  return {
    plugin: (scheme) => plugins.find((one) => one.scheme === scheme),
    hints: plugins.map(({ hint }) => hint),
    opened(plugin) {
      const store = open.get(plugin.scheme) ?? plugin.open({ env, clock });
      open.set(plugin.scheme, store);
      return store;
    },
  };
}
