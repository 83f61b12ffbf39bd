import { formatInstant, type Instant } from '../domain/instant.ts';
import type { SourceName } from '../domain/names.ts';
import { BoundedMap } from '../kit/bounded-map.ts';
import { sealed } from './json-object.ts';
import type { Archive } from './port.ts';
import type { Store } from './store.ts';

const REMEMBERED = 10_000;

/** Each parse is announced before and ticked off after: what crashed stays unticked, whatever the queue forgets. */
export function openAttempts(store: Store): Pick<Archive, 'announceParse' | 'parsed'> {
  const announced = new BoundedMap<string, number>(REMEMBERED);

  async function announceParse(source: SourceName, sha256: string, muster: string, at: Instant): Promise<number> {
    const folder = attemptFolder(source, sha256, muster);
    for (;;) {
      const { highest, unfinished } = await count(store, folder);
      const attempt = highest + 1;
      const bytes = sealed({ source, part: sha256, muster, at: formatInstant(at) });
      if ((await store.create(`${folder}/${attempt}.json`, bytes)) === 'exists') continue;
      announced.set(folder, attempt);
      return unfinished + 1;
    }
  }

  async function parsed(source: SourceName, sha256: string, muster: string): Promise<void> {
    const folder = attemptFolder(source, sha256, muster);
    const attempt = announced.get(folder) ?? (await count(store, folder)).highest;
    if (attempt > 0) await store.create(`${folder}/${attempt}.done.json`, sealed({ source, part: sha256, muster }));
  }

  return { announceParse, parsed };
}

/** By version: what made one Muster die may be read by the next. */
function attemptFolder(source: SourceName, sha256: string, muster: string): string {
  return `attempts/${source}/parse-${sha256.slice(0, 12)}-${muster}`;
}

async function count(store: Store, folder: string): Promise<{ highest: number; unfinished: number }> {
  let highest = 0;
  let unfinished = 0;
  for await (const key of store.list(`${folder}/`)) {
    const match = /^(\d+)(\.done)?\.json$/.exec(key.slice(folder.length + 1));
    if (match === null) continue;
    highest = Math.max(highest, Number(match[1]));
    unfinished += match[2] === undefined ? 1 : -1;
  }
  return { highest, unfinished };
}
