import { parseSourceName } from '../domain/names.ts';
import { sourceOfAccount } from './accounts.ts';
import { readAnswer } from './claims.ts';
import { letterPlace, parseLetter, settledKey } from './dead-letters.ts';
import { unseal } from './json-object.ts';
import { eight, isSafeKey } from './key.ts';
import { readPart } from './part-file.ts';
import { isMarker, PROBE_KEY } from './probe.ts';
import { parseKept } from './quarantine.ts';
import type { Store } from './store.ts';
import { blaming, eachOf, type Tally } from './tally.ts';
import { first } from './verify-receipts.ts';

type Check = (store: Store, tally: Tally) => Promise<void>;

/** Everything beside chains and receipts. What is in none of these places was added by somebody else. */
const PLACES: Readonly<Record<string, Check>> = {
  accounts: (store, tally) => eachOf(store.list('accounts/'), (key) => checkAccount(store, key, tally)),
  attempts: (store, tally) => eachOf(store.list('attempts/'), (key) => checkAttempt(store, key, tally)),
  'dead-letters': (store, tally) => eachOf(store.list('dead-letters/'), (key) => checkLetter(store, key, tally)),
  probe: (store, tally) => eachOf(store.list('probe/'), (key) => checkProbe(store, key, tally)),
  quarantine: (store, tally) => eachOf(folders(store, 'quarantine/'), (folder) => checkKept(store, folder, tally)),
  receipts: async () => undefined,
  series: (store, tally) => eachOf(folders(store, 'series/'), (folder) => checkSeries(store, folder, tally)),
  sources: async () => undefined,
};

export async function verifyRest(store: Store, tally: Tally): Promise<void> {
  let after = '';
  for (;;) {
    const key = await first(store, '', after);
    if (key === undefined) return;
    const [place = '', inside] = key.split('/');
    const check = inside !== undefined && Object.hasOwn(PLACES, place) ? PLACES[place] : undefined;
    if (check === undefined) tally.blame(key, 'added: Muster keeps nothing there');
    else await check(store, tally);
    after = check === undefined ? key : `${place}0`;
  }
}

async function checkSealed(store: Store, key: string, tally: Tally): Promise<Record<string, unknown> | undefined> {
  let body: Record<string, unknown> | undefined;
  await blaming(tally, key, async () => {
    body = unseal((await store.get(key)) ?? new Uint8Array(), key);
  });
  return body;
}

async function checkAccount(store: Store, key: string, tally: Tally): Promise<void> {
  const source = sourceOfAccount(key);
  if (source === undefined) return tally.blame(key, 'added: it is no account');
  const body = await checkSealed(store, key, tally);
  if (body !== undefined && body['source'] !== source) tally.blame(key, 'changed: it names another source');
}

const ATTEMPT =
  /^attempts\/([^/]+\/[^/]+\/[^/]+)\/(?:parse-[^/]+\/[^/]+\.json|(\d{8})\/\d+\/(?:(start)\.json|given-up\.json|.+\.json\.gz))$/;

/** Announced parses, claims of reports in the making, and the answers that a provider keeps beside its claim. */
async function checkAttempt(store: Store, key: string, tally: Tally): Promise<void> {
  const [whole, source = '', number, start] = ATTEMPT.exec(key) ?? [];
  if (whole === undefined || parseSourceName(source) === undefined || !isSafeKey(key)) {
    return tally.blame(key, 'added: it is no attempt');
  }
  if (key.endsWith('.gz')) {
    return blaming(tally, key, async () => void (await readAnswer((await store.get(key)) ?? new Uint8Array(), key)));
  }
  const body = await checkSealed(store, key, tally);
  if (body === undefined || start === undefined) return;
  if (body['source'] !== source || body['number'] !== Number(number)) {
    tally.blame(key, 'changed: it claims another report');
  }
}

async function checkLetter(store: Store, key: string, tally: Tally): Promise<void> {
  const place = letterPlace(key);
  if (place === undefined) return tally.blame(key, 'added: it is no dead letter');
  const { letter, isSettlement, before } = place;
  if (!isSettlement) {
    await blaming(tally, key, async () => void parseLetter((await store.get(key)) ?? new Uint8Array(), key));
    if (before === undefined || (await store.get(settledKey(before))) !== undefined) return;
    return tally.blame(settledKey(before), `lost: ${key} came after it`);
  }
  await checkSealed(store, key, tally);
  if ((await store.get(letter)) === undefined) tally.blame(letter, `lost: ${key} settles it`);
}

async function checkProbe(store: Store, key: string, tally: Tally): Promise<void> {
  if (key !== PROBE_KEY) tally.blame(key, 'added: Muster keeps nothing there');
  else if (!isMarker((await store.get(key)) ?? new Uint8Array())) tally.blame(key, 'changed: it is not the marker');
}

interface Folder {
  readonly path: string;
  readonly files: string[];
}

async function* folders(store: Store, prefix: string): AsyncIterable<Folder> {
  let current: Folder | undefined;
  for await (const key of store.list(prefix)) {
    const slash = key.lastIndexOf('/');
    const path = key.slice(0, slash);
    if (current?.path !== path) {
      if (current !== undefined) yield current;
      current = { path, files: [] };
    }
    current.files.push(key.slice(slash + 1));
  }
  if (current !== undefined) yield current;
}

async function checkKept(store: Store, { path, files }: Folder, tally: Tally): Promise<void> {
  const key = `${path}/manifest.json`;
  if (!files.includes('manifest.json')) {
    tally.litter += files.length;
    return;
  }
  await blaming(tally, key, async () => {
    const { parts } = parseKept((await store.get(key)) ?? new Uint8Array(), key);
    for (const ref of parts) {
      await blaming(tally, `${path}/${ref.file}`, async () => void (await readPart(store, path, ref)));
    }
    const named = new Set(['manifest.json', ...parts.map(({ file }) => file)]);
    tally.litter += files.filter((file) => !named.has(file)).length;
  });
}

async function checkSeries(store: Store, { path, files }: Folder, tally: Tally): Promise<void> {
  const count = files.filter((file) => /^\d{8}\.json$/.test(file)).length;
  for (const file of files) {
    if (!/^\d{8}\.json$/.test(file)) tally.blame(`${path}/${file}`, 'added: it is no number of a series');
    else await checkSealed(store, `${path}/${file}`, tally);
  }
  for (let number = 1; number <= count; number += 1) {
    const file = `${eight(number)}.json`;
    if (!files.includes(file)) return tally.blame(`${path}/${file}`, 'lost: higher numbers of its series are there');
  }
}
