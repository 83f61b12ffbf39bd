import type { Derived, Event } from '../domain/event.ts';
import { deriveAccess, deriveKeys } from './access/audit.ts';
import { changeEvents } from './changes.ts';
import { compare } from './comparison.ts';
import { coverageEvents } from './coverage.ts';
import { findingEvents, openFindings } from './findings.ts';
import { healthEvents } from './health.ts';
import { inventoryEvents } from './inventory.ts';
import type { Pair } from './pair.ts';

/** What a report means, without its summary. Inventory is long, and may wait: what changed and what is wrong goes first. */
export interface Meaning {
  readonly events: readonly Event[];
  /** Once a day, what is open and was open before. */
  readonly open?: readonly Derived[];
  readonly inventory: readonly Derived[];
  /** Of an audit, in the place of inventory. */
  readonly access?: readonly Derived[];
}

type DeriveKind = (pair: Pair) => Meaning;

const KINDS: ReadonlyMap<string, DeriveKind> = new Map([
  ['credential-report', deriveCredentials],
  ['credential-report-import', deriveCredentials],
  ['access-audit', deriveAccess],
  ['key-audit', deriveKeys],
  ['health', deriveHealth],
  ['coverage', deriveCoverage],
]);

/** A kind that is not in the table is a list of records, as every provider's parse makes it. */
export function kindOf(name: string): DeriveKind {
  return KINDS.get(name) ?? deriveCredentials;
}

function deriveCredentials(pair: Pair): Meaning {
  const comparison = compare(pair.previous?.parsed, pair.current.parsed);
  return {
    events: [...changeEvents(pair, comparison), ...findingEvents(pair, comparison)],
    open: openFindings(pair),
    inventory: inventoryEvents(pair, comparison),
  };
}

function deriveHealth(pair: Pair): Meaning {
  return { events: healthEvents(pair), inventory: [] };
}

function deriveCoverage(pair: Pair): Meaning {
  return { events: coverageEvents(pair), inventory: [] };
}
