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
export function deriveAccess(pair: Pair): Meaning {
  const access = accessEvents(pair);
  const detail = accessDetail(pair);
  const findings = findingEvents(pair, comparedBy(access), detail);
  return { events: [...accessChanges(pair), ...findings], open: openFindings(pair, detail), inventory: [], access };
}

/** What access keys were used for. */
export function deriveKeys(pair: Pair): Meaning {
  const access = keyEvents(pair);
  const detail = keyDetail(pair);
  const findings = findingEvents(pair, comparedBy(access), detail);
  return { events: [...keyChanges(pair), ...findings], open: openFindings(pair, detail), inventory: [], access };
}

/** As a comparison of two credential reports tells it: whose record changed. */
function comparedBy(listings: readonly Listing[]): Compared {
  return { rows: listings.map(({ changed, identityId }) => ({ changed, record: { identity: { id: identityId } } })) };
}
