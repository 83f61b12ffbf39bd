import { Fault } from '../domain/fault.ts';
import { same, sealed } from './json-object.ts';
import type { Store } from './store.ts';

export const PROBE_KEY = 'probe/marker.json';

/** Proves, before anything is filed, that a second create is refused and that the first bytes survive it. */
export async function probeStore(store: Store): Promise<void> {
  const { first, rival } = markers();
  await store.create(PROBE_KEY, first);
  const before = await store.get(PROBE_KEY);
  if (before === undefined) throw unfit(store, 'an object that was just created cannot be read');
  const second = await store.create(PROBE_KEY, same(before, rival) ? first : rival);
  const after = await store.get(PROBE_KEY);
  if (second === 'created' || after === undefined || !same(after, before)) {
    throw unfit(store, 'it overwrites an object that exists, although it was told not to');
  }
}

function markers() {
  return {
    first: sealed({ probe: 'the first bytes must survive' }),
    rival: sealed({ probe: 'a store that kept these bytes overwrites' }),
  };
}

/** The rival stays in a bucket that overwrote once and was mended since. */
export function isMarker(bytes: Uint8Array): boolean {
  const { first, rival } = markers();
  return same(bytes, first) || same(bytes, rival);
}

function unfit(store: Store, what: string): Fault {
  return new Fault(
    'misconfigured',
    `archive ${store.name}: ${what}: use a folder, or a bucket with conditional writes (If-None-Match)`,
  );
}
