/** Runs `work` over the items, at most `limit` at a time; the first failure rejects after those under way have ended. */
export async function concurrently<T>(
  items: Iterable<T>,
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items[Symbol.iterator]();
  let failure: { readonly reason: unknown } | undefined;
  const lane = async () => {
    for (let next = queue.next(); next.done !== true && failure === undefined; next = queue.next()) {
      await work(next.value).catch((reason: unknown) => {
        failure ??= { reason };
      });
    }
  };
  await Promise.all(Array.from({ length: limit }, lane));
  if (failure !== undefined) throw failure.reason;
}
