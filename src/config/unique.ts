import type { Diagnostics } from './diagnostics.ts';
import type { Located } from './located.ts';

/** Tells two things apart that must differ, and names the line of the first. */
export class Unique {
  readonly #what: string;
  readonly #diagnostics: Diagnostics;
  readonly #first = new Map<string, number>();

  constructor(what: string, diagnostics: Diagnostics) {
    this.#what = what;
    this.#diagnostics = diagnostics;
  }

  add(value: string, node: Located, scope = ''): void {
    const key = JSON.stringify([scope, value]);
    const line = this.#first.get(key);
    if (line === undefined) this.#first.set(key, node.place.line);
    else this.#diagnostics.reject(node, `the ${this.#what} "${value}" is used twice (first on line ${line})`);
  }
}
