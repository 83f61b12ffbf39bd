/** So many at a time; the others wait, first come first served. */
export class Slots {
  readonly #count: number;
  #free: number;
  readonly #waiting: { readonly wanted: number; readonly go: () => void }[] = [];

  constructor(count: number) {
    this.#count = count;
    this.#free = count;
  }

  /** Resolves to how many were taken: who wants more than there are has all of them. */
  take(wanted = 1): Promise<number> {
    const taken = Math.min(wanted, this.#count);
    return new Promise((resolve) => {
      this.#waiting.push({ wanted: taken, go: () => resolve(taken) });
      this.#serve();
    });
  }

  give(taken = 1): void {
    this.#free += taken;
    this.#serve();
  }

  /** Whoever came first goes first, however much it wants. */
  #serve(): void {
    for (let [next] = this.#waiting; next !== undefined && next.wanted <= this.#free; [next] = this.#waiting) {
      this.#waiting.shift();
      this.#free -= next.wanted;
      next.go();
    }
  }

  /** Whoever waits goes on at once: nothing is counted from now on. */
  open(): void {
    this.#free = Number.POSITIVE_INFINITY;
    this.#serve();
  }
}
