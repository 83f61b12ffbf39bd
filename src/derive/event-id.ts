import type { Instant } from '../domain/instant.ts';
import type { Field, IdentityRecord } from '../domain/record.ts';
import { valueOf } from '../domain/record.ts';
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

export interface FindingFacts {
  readonly source: string;
  readonly check: string;
  readonly identity: readonly Fact[];
  readonly credentialKind: string | null;
  readonly credentialCreated: Fact;
  /** Among the failing credentials of the same owner, kind and creation instant. */
  readonly ordinal: number;
}

/** The same as long as the finding is about the same thing, whatever slots, key ids and rules do. Frozen. */
export function findingId(facts: FindingFacts): string {
  const { source, check, identity, credentialKind, credentialCreated, ordinal } = facts;
  return shortHash(JSON.stringify([source, 'finding', check, identity, credentialKind, credentialCreated, ordinal]));
}

export function identityFacts(identity: IdentityRecord): readonly Fact[] {
  return [identity.id, factOf(identity.createdAt)];
}

export function factOf(field: Field<Instant | boolean | string>): Fact {
  return valueOf(field) ?? null;
}
