import type { Attempt } from '../domain/attempt.ts';
import { Fault } from '../domain/fault.ts';
import { formatInstant, type Instant, parseInstant } from '../domain/instant.ts';
import type { SourceName } from '../domain/names.ts';
import { failpoint } from '../kit/failpoint.ts';
import { pack, unpack } from './gzip.ts';
import { sealed, unseal } from './json-object.ts';
import { eight } from './key.ts';
import type { Archive } from './port.ts';
import type { Store } from './store.ts';

/** What is put together tells of one moment: of some kinds it may be longer. */
const LASTS_MS = 60 * 60_000;

/** `attempts/<source>/<number>/<k>/start.json` claims a report that is put together from many answers, kept beside it. */
export function openClaims(store: Store): Pick<Archive, 'attempt'> {
  return {
    async attempt(source: SourceName, number: number, at: Instant, lastsMs = LASTS_MS): Promise<Attempt> {
      const folder = `attempts/${source}/${eight(number)}`;
      for (;;) {
        const newest = await newestClaim(store, folder);
        if (newest !== undefined && at - newest.startedAt < lastsMs && !(await isGivenUp(store, newest)))
          return attemptIn(store, newest);
        const claim = { folder: `${folder}/${(newest?.k ?? 0) + 1}`, startedAt: at };
        const start = sealed({ source, number, started_at: formatInstant(at) });
        const made = await store.create(`${claim.folder}/start.json`, start);
        failpoint('archive.attempt_claimed');
        if (made === 'created') return attemptIn(store, claim); // else somebody else claimed it: adopt theirs
      }
    },
  };
}

interface Claim {
  readonly folder: string;
  readonly startedAt: Instant;
}

async function newestClaim(store: Store, folder: string): Promise<(Claim & { readonly k: number }) | undefined> {
  let newest: (Claim & { readonly k: number }) | undefined;
  for (let k = 1; ; k++) {
    const bytes = await store.get(`${folder}/${k}/start.json`);
    if (bytes === undefined) return newest;
    const startedAt = parseInstant(String(unseal(bytes, `${folder}/${k}/start.json`)['started_at']));
    newest = { k, folder: `${folder}/${k}`, startedAt: startedAt ?? 0 };
  }
}

async function isGivenUp(store: Store, { folder }: Claim): Promise<boolean> {
  return (await store.get(givenUpKey(folder))) !== undefined;
}

function givenUpKey(folder: string): string {
  return `${folder}/given-up.json`;
}

function attemptIn(store: Store, { folder, startedAt }: Claim): Attempt {
  const giveUp = async () => {
    await store.create(givenUpKey(folder), sealed({}));
  };
  return {
    startedAt,
    giveUp,
    async get(key) {
      const bytes = await store.get(answerKey(folder, key));
      if (bytes === undefined) return undefined;
      return readAnswer(bytes, answerKey(folder, key)).catch(async (error: unknown) => {
        await giveUp();
        throw error;
      });
    },
    async put(key, bytes) {
      await store.create(answerKey(folder, key), await pack(bytes));
      failpoint('archive.answer_kept');
    },
  };
}

function answerKey(folder: string, key: string): string {
  return `${folder}/${key}.json.gz`;
}

/** No digest is kept of an answer: what gzip knows of it is checked. */
export async function readAnswer(bytes: Uint8Array, key: string): Promise<Uint8Array> {
  const raw = await unpack(bytes);
  if (raw !== undefined) return raw;
  throw new Fault('malformed', `archive object ${key} was changed: it is not an answer that was kept`);
}
