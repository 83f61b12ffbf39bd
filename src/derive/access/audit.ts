import type { Derived } from '../../domain/event.ts';
import { mapped, type Steps } from '../../kit/steps.ts';
import type { Compared } from '../finding-steps.ts';
import { findingEvents, openFindings } from '../findings.ts';
import type { Meaning } from '../kinds.ts';
import type { Pair } from '../pair.ts';
import { accessChanges } from './access-changes.ts';
import { accessEvents } from './access-events.ts';
import { accessDetail, type Detail, keyDetail } from './finding-detail.ts';
import { groupingIdentities } from './identities.ts';
import { keyChanges } from './key-changes.ts';
import { keyEvents } from './key-events.ts';
import { groupingKeys } from './keys.ts';
import type { Listing } from './listing.ts';

/** Which services and actions an identity may use, and when it last did. */
export function* deriveAccess(pair: Pair): Steps<Meaning> {
  const { previous, current } = pair;
  for (const report of [previous, current]) yield* groupingIdentities(report?.parsed.access ?? []);
  const access = yield* accessEvents(pair);
  const events = yield* accessChanges(pair);
  return { events, findings: yield* findingsOf(pair, access, yield* accessDetail(pair)), inventory: [], access };
}

/** What access keys were used for. */
export function* deriveKeys(pair: Pair): Steps<Meaning> {
  const { previous, current } = pair;
  for (const report of [previous, current]) yield* groupingKeys(report?.parsed.keyUses ?? []);
  const access = yield* keyEvents(pair);
  const events = yield* keyChanges(pair);
  return { events, findings: yield* findingsOf(pair, access, yield* keyDetail(pair)), inventory: [], access };
}

function* findingsOf(pair: Pair, access: readonly Listing[], detail: Detail): Steps<readonly Derived[]> {
  const compared = yield* comparedBy(access);
  const steps = findingEvents(pair, compared, detail);
  yield;
  return [...steps, ...openFindings(pair, detail)];
}

/** As a comparison of two credential reports tells it: whose record changed. */
function* comparedBy(listings: readonly Listing[]): Steps<Compared> {
  const rows = yield* mapped(listings, ({ changed, identityId }) => ({
    changed,
    record: { identity: { id: identityId } },
  }));
  return { rows };
}
