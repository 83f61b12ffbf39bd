import type { Event } from '../domain/event.ts';
import { EVENT_KINDS } from '../domain/event.ts';
import type { ParsedReport } from '../domain/report.ts';
import { identitiesIn, identityKey } from './access/identities.ts';
import { keysIn } from './access/keys.ts';
import type { Meaning } from './kinds.ts';
import { quoted } from './message.ts';
import type { Pair } from './pair.ts';
import { eventOf } from './pair.ts';

/** The last event of every report: what a SIEM counts against, so that it can see a gap. */
export function summaryEvent(pair: Pair, meaning: Meaning): Event {
  const { report, account } = pair;
  return eventOf(pair, {
    kind: 'summary',
    facts: { type: 'summary.report' },
    severity: 'informational',
    message: `report ${report.number} of ${report.source} (${quoted(account.name)}): ${counts(pair, meaning)}`,
    data: summaryOf(pair, meaning),
  });
}

function counts({ current }: Pair, meaning: Meaning): string {
  const { parsed, findings } = current;
  return `identities ${identitiesOf(parsed)}, events ${sizeOf(meaning)}, open findings ${findings.open.length}`;
}

function summaryOf({ base, current }: Pair, meaning: Meaning): Readonly<Record<string, unknown>> {
  const { parsed, entry, context, findings } = current;
  return {
    identities: identitiesOf(parsed),
    by_kind: countByKind(meaning),
    open_findings: findings.open.length,
    rows: parsed.rows,
    columns: parsed.columns.length,
    unknown_columns: parsed.unknownColumns,
    missing_columns: parsed.missingColumns,
    oddities: parsed.oddities.length,
    not_visible: context.not_visible,
    head: { number: entry.number, manifest_sha256: entry.sha256 },
    base,
    age_seconds: Math.round((entry.collectedAt - entry.generatedAt) / 1_000),
    origin: entry.manifest.origin,
  };
}

/** Before any sink's policy: what the report means, not what a sink was sent. */
function countByKind({ events, findings = [], inventory, access = [] }: Meaning): Readonly<Record<string, number>> {
  const counts = Object.fromEntries(EVENT_KINDS.filter((kind) => kind !== 'summary').map((kind) => [kind, 0]));
  for (const { kind } of events) counts[kind] = (counts[kind] ?? 0) + 1;
  return { ...counts, finding: findings.length, inventory: inventory.length, access: access.length };
}

function sizeOf({ events, findings = [], inventory, access = [] }: Meaning): number {
  return events.length + findings.length + inventory.length + access.length;
}

/** Of an audit, those that it tells of, or whose keys it tells of. */
function identitiesOf({ records, access = [], keyUses = [] }: ParsedReport): number {
  if (access.length + keyUses.length === 0) return records.length;
  const owners = keysIn(keyUses).map(({ owner }) => identityKey(owner));
  return identitiesIn(access).length + new Set(owners).size;
}
