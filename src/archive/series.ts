import { BoundedMap } from '../kit/bounded-map.ts';
import { failpoint } from '../kit/failpoint.ts';
import { gallop } from './gallop.ts';
import { sealed, unseal } from './json-object.ts';
import { checkKey, eight } from './key.ts';
import type { Series } from './port.ts';
import type { Store } from './store.ts';

const REMEMBERED = 50_000;

interface Numbered {
  readonly number: number;
  readonly value: unknown;
}

export type OpenSeries = <T>(segments: readonly string[]) => Series<T>;

/** All series of one archive share what they remember. */
export function openSeries(store: Store): OpenSeries {
  const remembered = new BoundedMap<string, Numbered>(REMEMBERED);
  return <T>(segments: readonly string[]) => series<T>(store, checkKey(['series', ...segments].join('/')), remembered);
}

function series<T>(store: Store, folder: string, remembered: BoundedMap<string, Numbered>): Series<T> {
  const keyOf = (number: number) => `${folder}/${eight(number)}.json`;
  // Whoever names the series knows what is in it: nobody else writes there.
  const read = (number: number, bytes: Uint8Array) => ({ number, value: unseal(bytes, keyOf(number))['value'] as T });

  async function latest() {
    const known = remembered.get(folder);
    const found = await gallop((number) => store.get(keyOf(number)), known?.number ?? 0);
    if (found === undefined) return known as { number: number; value: T } | undefined;
    const newest = read(found.number, found.bytes);
    remembered.set(folder, newest);
    return newest;
  }

  async function append(value: T, after: number): Promise<boolean> {
    if (after > 0 && (await store.get(keyOf(after))) === undefined) {
      throw new RangeError(`${folder} has no number ${after}`);
    }
    if ((await store.create(keyOf(after + 1), sealed({ value }))) === 'exists') return false;
    failpoint('archive.series_written');
    return true;
  }

  async function* all() {
    for (let number = 1; ; number += 1) {
      const bytes = await store.get(keyOf(number));
      if (bytes === undefined) return;
      yield read(number, bytes);
    }
  }

  return { latest, append, all };
}
