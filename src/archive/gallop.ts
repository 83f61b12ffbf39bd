export interface Found {
  readonly number: number;
  readonly bytes: Uint8Array;
}

/**
 * The highest number above `known` that is there; undefined when there is none. Numbers are written one after the other,
 * so doubling steps and then halves find the end: one miss when nothing is new, some twenty looks for a million.
 */
export async function gallop(
  get: (number: number) => Promise<Uint8Array | undefined>,
  known: number,
): Promise<Found | undefined> {
  let best: Found | undefined;
  let low = known;
  let high = known + 1;
  for (let step = 1; ; step *= 2) {
    high = known + step;
    const bytes = await get(high);
    if (bytes === undefined) break;
    best = { number: high, bytes };
    low = high;
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    const bytes = await get(middle);
    if (bytes === undefined) high = middle;
    else {
      best = { number: middle, bytes };
      low = middle;
    }
  }
  return best;
}
