import type { Derived } from '../../domain/event.ts';
import type { Steps } from '../../kit/steps.ts';
import type { Compared } from '../finding-steps.ts';
import { findingEvents, openFindings } from '../findings.ts';
import type { Meaning } from '../kinds.ts';
import type { Pair } from '../pair.ts';
import { accessChanges } from './access-changes.ts';
import { accessEvents } from './access-events.ts';
import { accessDetail, keyDetail } from './finding-detail.ts';
import { keyChanges } from './key-changes.ts';
import { keyEvents } from './key-events.ts';
import type { Listing } from './listing.ts';

/** Which services and actions an identity may use, and when it last did. */
export function* deriveAccess(pair: Pair): Steps<Meaning> {
  const access = accessEvents(pair);
  yield;
  const events = accessChanges(pair);
  yield;
  return { events, findings: yield* findingsOf(pair, access, accessDetail(pair)), inventory: [], access };
}

/** What access keys were used for. */
export function* deriveKeys(pair: Pair): Steps<Meaning> {
  const access = keyEvents(pair);
  yield;
  const events = keyChanges(pair);
  yield;
  return { events, findings: yield* findingsOf(pair, access, keyDetail(pair)), inventory: [], access };
}

function* findingsOf(
  pair: Pair,
  access: readonly Listing[],
  detail: ReturnType<typeof accessDetail>,
): Steps<readonly Derived[]> {
  yield;
  return [...findingEvents(pair, comparedBy(access), detail), ...openFindings(pair, detail)];
}

/** As a comparison of two credential reports tells it: whose record changed. */
function comparedBy(listings: readonly Listing[]): Compared {
  return { rows: listings.map(({ changed, identityId }) => ({ changed, record: { identity: { id: identityId } } })) };
}
