import { type AccessKeyRecord, type CredentialRecord, valueOf } from '../domain/record.ts';
import type { ParsedReport, Parts } from '../domain/report.ts';
import { fastIso } from '../kit/fast-iso.ts';

/** The part that remembers where keys were used: a report shows only the last place. */
export const SEEN_PART = 'seen.json';

/** Of each kind. A key that goes round in more places than this is told again of those that it left longest ago. */
const MOST = 64;

/** One key, named like in a finding: by its owner and its creation; and by its id where that is told, for an owner may be renamed. The place used last is last. */
interface SeenKey {
  readonly owner: string;
  readonly created_at: string;
  readonly id?: string;
  readonly regions: readonly string[];
  readonly services: readonly string[];
}

export interface Seen {
  readonly version: 1;
  readonly keys: readonly SeenKey[];
}

/** Looked up by id, else by owner and creation. */
export class SeenPlaces {
  readonly #byOwner = new Map<string, SeenKey[]>();
  readonly #byId = new Map<string, SeenKey>();

  constructor(seen: Seen | undefined) {
    for (const key of seen?.keys ?? []) {
      if (key.id !== undefined) this.#byId.set(key.id, key);
      const others = this.#byOwner.get(key.owner);
      if (others === undefined) this.#byOwner.set(key.owner, [key]);
      else others.push(key);
    }
  }

  of(owner: string, { id, createdAt }: AccessKeyRecord): SeenKey | undefined {
    const known = id === undefined ? undefined : this.#byId.get(id);
    const made = valueOf(createdAt);
    const keys = this.#byOwner.get(owner);
    if (known !== undefined || made === undefined || keys === undefined) return known;
    const created = fastIso(made);
    return keys.find(({ created_at }) => created_at === created);
  }

  ofOwner(owner: string): readonly SeenKey[] {
    return this.#byOwner.get(owner) ?? [];
  }
}

export function seenIn(parts: Parts): Seen | undefined {
  const bytes = parts.get(SEEN_PART);
  return bytes && (JSON.parse(new TextDecoder().decode(bytes)) as Seen); // our own part, its digest was checked
}

/** What was seen up to and with this report. Keys that are gone are forgotten, but not those that the cloud would not tell of. */
export function seenWith({ records }: ParsedReport, earlier: Seen | undefined): Seen {
  const before = new SeenPlaces(earlier);
  const keys = new Map<string, SeenKey>();
  for (const record of records) {
    for (const key of keysOf(record, before)) keys.set(JSON.stringify([key.owner, key.created_at]), key);
  }
  return { version: 1, keys: [...keys.values()] };
}

function keysOf(record: CredentialRecord, before: SeenPlaces): readonly SeenKey[] {
  const owner = record.identity.id;
  const isUntold = record.accessKeys.some(({ createdAt }) => valueOf(createdAt) === undefined);
  const told = record.accessKeys.flatMap((key): readonly SeenKey[] => {
    const made = valueOf(key.createdAt);
    const was = before.of(owner, key);
    const created_at = made === undefined ? was?.created_at : fastIso(made);
    const regions = withLast(was?.regions ?? [], valueOf(key.lastUsedRegion));
    const services = withLast(was?.services ?? [], valueOf(key.lastUsedService));
    if (created_at === undefined || regions.length + services.length === 0) return [];
    const id = key.id ?? was?.id;
    return [{ owner, created_at, ...(id === undefined ? {} : { id }), regions, services }];
  });
  return isUntold ? [...before.ofOwner(owner), ...told] : told;
}

function withLast(known: readonly string[], now: string | undefined): readonly string[] {
  if (now === undefined || known.at(-1) === now) return known;
  return [...known.filter((one) => one !== now), now].slice(-MOST);
}
