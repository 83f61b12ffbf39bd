/** Something that is looked up once and shared until it is stale. */
export interface Remembered<T> {
  get(): Promise<T>;
  /** It is done for: look again next time. What was looked up since is kept. */
  forget(isMeant: (known: T) => boolean): void;
}

/** One look-up at a time, remembered while it is fresh; a failed one is not remembered. */
export function remembered<T>(lookUp: () => Promise<T>, isFresh: (known: T) => boolean): Remembered<T> {
  let known: { readonly value: T } | undefined;
  let underWay: Promise<T> | undefined;
  const renew = async () => {
    try {
      const value = await lookUp();
      known = { value };
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
      if (known !== undefined && isMeant(known.value)) known = undefined;
    },
  };
}
