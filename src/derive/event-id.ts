import type { Instant } from '../domain/instant.ts';
import type { Field, IdentityRecord } from '../domain/record.ts';
import { valueOf } from '../domain/record.ts';
import { escaped } from '../kit/json-text.ts';
import { shortHash } from '../kit/short-hash.ts';

/** What the cloud says, in one canonical form: an instant is milliseconds, so `Z` and `+00:00` are one fact; null is "no value". */
export type Fact = string | number | boolean | null;

/** What tells one event of a report from all others. Never our wording, a key id or a slot. */
export interface EventFacts {
  readonly type: string;
  readonly identity?: readonly Fact[];
  readonly credential?: Fact;
  readonly before?: readonly Fact[];
  readonly after?: readonly Fact[];
  /** Among events of equal facts (two keys made in one second). */
  readonly ordinal?: number;
}

/** JSON of an array of fixed shape is injective: no two different facts share a text. Frozen: a change of it sends history again. */
export function eventId(source: string, generatedAt: string, facts: EventFacts): string {
  return shortHash(
    JSON.stringify([
      source,
      generatedAt,
      facts.type,
      facts.identity ?? null,
      facts.credential ?? null,
      facts.before ?? null,
      facts.after ?? null,
      facts.ordinal ?? 0,
    ]),
  );
}

/** Gives the ids of one report's inventory, which are those of `eventId`: most of each text stands in all of them. */
export function inventoryIds(
  source: string,
  generatedAt: string,
): (identity: IdentityRecord, ordinal: number) => string {
  const start = `[${JSON.stringify(source)},${JSON.stringify(generatedAt)},"inventory.identity",`;
  return (identity, ordinal) => shortHash(`${start}${identityText(identity)},null,null,null,${ordinal}]`);
}

export interface FindingFacts {
  /** As identityText writes it. */
  readonly identity: string;
  readonly credentialKind: string | null;
  readonly credentialCreated: Fact;
  /** Among the failing credentials of the same owner, kind and creation instant. */
  readonly ordinal: number;
}

/** Gives the ids of one check's findings: the same as long as a finding is about the same thing, whatever slots, key ids and rules do. Frozen. */
export function findingIds(source: string, check: string): (facts: FindingFacts) => string {
  // What JSON.stringify writes of the whole: a large report has tens of thousands of findings, and most of each text stands in others too.
  const start = `[${JSON.stringify(source)},"finding",${JSON.stringify(check)},`;
  return ({ identity, credentialKind: kind, credentialCreated: created, ordinal }) => {
    const end = kind === null && created === null ? ',null,null,' : `,${factText(kind)},${factText(created)},`;
    return shortHash(start + identity + (end + ordinal + ']'));
  };
}

/** Most numbers are instants of whole seconds: short numbers are written several times faster. */
function factText(fact: Fact): string {
  if (typeof fact !== 'number') return JSON.stringify(fact);
  const seconds = fact / 1_000;
  return seconds > 0 && seconds === (seconds | 0) ? `${seconds | 0}000` : JSON.stringify(fact);
}

export function identityText(identity: IdentityRecord): string {
  return `["${escaped(identity.id)}",${factText(factOf(identity.createdAt))}]`;
}

export function identityFacts(identity: IdentityRecord): readonly Fact[] {
  return [identity.id, factOf(identity.createdAt)];
}

export function factOf(field: Field<Instant | boolean | string>): Fact {
  return valueOf(field) ?? null;
}
