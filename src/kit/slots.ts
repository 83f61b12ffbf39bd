/** So many at a time; the others wait, first come first served. */
export class Slots {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  take(): Promise<void> {
    if (this.#free > 0) {
      this.#free -= 1;
      return Promise.resolve();
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  give(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free += 1;
    else next();
  }

  /** Whoever waits goes on at once: nothing is counted from now on. */
  open(): void {
    this.#free = Number.POSITIVE_INFINITY;
    for (const go of this.#waiting.splice(0)) go();
  }
}
