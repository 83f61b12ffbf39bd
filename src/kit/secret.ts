import { inspect } from 'node:util';

const MASK = '[secret]';

/** A value that cannot be printed: only `reveal()` gives it away. */
export class Secret {
  readonly #value: string;
  /** Where it came from (`${env:NAME}`), safe to print. */
  readonly reference: string;

  constructor(value: string, reference: string) {
    this.#value = value;
    this.reference = reference;
  }

  reveal(): string {
    return this.#value;
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
