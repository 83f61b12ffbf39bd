/** One at a time, in the order they came. */
export interface Turns {
  /** Rejects at once with the signal's reason when it fires; work that has begun still ends before the next begins. */
  take<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T>;
  /** Resolves when all that was begun has ended. */
  idle(): Promise<void>;
}

export function turns(): Turns {
  let last: Promise<unknown> = Promise.resolve();
  return {
    take(signal, work) {
      const turn = last.then(() => {
        signal.throwIfAborted();
        return work();
      });
      last = turn.catch(() => undefined);
      return untilAborted(signal, turn);
    },
    idle: async () => {
      await last;
    },
  };
}

/** The promise's outcome, or the signal's reason when that comes first. */
export function untilAborted<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason as Error);
    const leave = () => signal.removeEventListener('abort', onAbort);
    promise.then(resolve, reject).finally(leave);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
}
