import { inspect } from 'node:util';

const MASK = '[secret]';

/** Where a secret can be looked up again while the process lives. */
export interface SecretSource {
  /** As it was last read; throws a Fault when it never could be. */
  read(): string;
  /** Looks again. `isRefused`: what it gave was refused, so what is remembered will not do. */
  renew(isRefused: boolean): Promise<void>;
}

/** A value that cannot be printed: only `reveal()` and `current()` give it away. */
export class Secret {
  readonly #source: SecretSource;
  /** Where it came from (`${env:NAME}`), safe to print. */
  readonly reference: string;

  constructor(value: string | SecretSource, reference: string) {
    this.#source = typeof value === 'string' ? { read: () => value, renew: async () => undefined } : value;
    this.reference = reference;
  }

  /** As it was last read. */
  reveal(): string {
    return this.#source.read();
  }

  /** As it is now: a file that has changed is read again. */
  async current(isRefused = false): Promise<string> {
    await this.#source.renew(isRefused);
    return this.#source.read();
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  [inspect.custom](): string {
    return MASK;
  }
}
