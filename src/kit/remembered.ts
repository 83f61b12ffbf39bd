/** Something that is looked up once and shared until it is stale. */
export interface Remembered<T> {
  get(): Promise<T>;
  /** It is done for: look again next time. What was looked up since is kept. */
  forget(isMeant: (known: T) => boolean): void;
}

/**
 * One look-up at a time, remembered while it is fresh; a failed one is not remembered. The look-up is told when what it found last was
 * refused.
 */
export function remembered<T>(
  lookUp: (isRefused: boolean) => Promise<T>,
  isFresh: (known: T) => boolean,
): Remembered<T> {
  let known: { readonly value: T } | undefined;
  let isRefused = false;
  let underWay: Promise<T> | undefined;
  const renew = async () => {
    try {
      const value = await lookUp(isRefused);
      known = { value };
      isRefused = false;
      return value;
    } finally {
      underWay = undefined;
    }
  };
  return {
    async get() {
      if (known !== undefined && isFresh(known.value)) return known.value;
      underWay ??= renew();
      return underWay;
    },
    forget(isMeant) {
      if (known === undefined || !isMeant(known.value)) return;
      known = undefined;
      isRefused = true;
    },
  };
}
