import type { Derived, Event } from '../domain/event.ts';
import type { Steps } from '../kit/steps.ts';
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
  /** What opened and closed and, once a day, what is open and was open before. */
  readonly findings?: readonly Derived[];
  readonly inventory: readonly Derived[];
  /** Of an audit, in the place of inventory. */
  readonly access?: readonly Derived[];
}

type DeriveKind = (pair: Pair) => Steps<Meaning>;

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

function* deriveCredentials(pair: Pair): Steps<Meaning> {
  const comparison = compare(pair.previous?.parsed, pair.current.parsed);
  yield;
  const events = changeEvents(pair, comparison);
  yield;
  const steps = findingEvents(pair, comparison);
  yield;
  const findings = [...steps, ...openFindings(pair)];
  yield;
  return { events, findings, inventory: inventoryEvents(pair, comparison) };
}

function* deriveHealth(pair: Pair): Steps<Meaning> {
  yield;
  return { events: healthEvents(pair), inventory: [] };
}

function* deriveCoverage(pair: Pair): Steps<Meaning> {
  yield;
  return { events: coverageEvents(pair), inventory: [] };
}
