/** Everything opened pushes its closer; closed newest first, all tried. */
export class Releasers {
  readonly #closers: (() => void | Promise<void>)[] = [];

  push(closer: () => void | Promise<void>): void {
    this.#closers.push(closer);
  }

  async release(): Promise<void> {
    const failures: unknown[] = [];
    for (let closer = this.#closers.pop(); closer !== undefined; closer = this.#closers.pop()) {
      try {
        await closer();
      } catch (failure) {
        failures.push(failure);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, 'not everything could be closed');
  }
}
