import type { Event, EventAccount, EventCredential, EventIdentity, EventReport } from '../domain/event.ts';
import { formatInstant } from '../domain/instant.ts';
import type { LoadedReport } from '../domain/loaded.ts';
import type { IdentityRecord } from '../domain/record.ts';
import { valueOf } from '../domain/record.ts';
import type { Credential } from './credential.ts';
import type { EventFacts } from './event-id.ts';
import { eventId } from './event-id.ts';

const DAY_MS = 86_400_000;

/** Two reports of one source, and what all of their events have in common. */
export interface Pair {
  readonly current: LoadedReport;
  /** Undefined at a baseline, and when the base is damaged. */
  readonly previous: LoadedReport | undefined;
  /** `baseline`, `damaged` or `report 41`. */
  readonly base: string;
  readonly account: EventAccount;
  readonly report: EventReport;
  readonly window: Readonly<Record<string, string>>;
}

export function pairOf(previous: LoadedReport | undefined, current: LoadedReport, isBaseDamaged: boolean): Pair {
  const base = isBaseDamaged ? undefined : previous;
  const report = reportOf(current);
  return {
    current,
    previous: base,
    base: isBaseDamaged ? 'damaged' : base === undefined ? 'baseline' : `report ${base.entry.number}`,
    account: accountOf(current),
    report,
    window: {
      ...(base === undefined ? {} : { after: formatInstant(base.entry.generatedAt) }),
      until: report.generated_at,
    },
  };
}

function reportOf({ entry, context }: LoadedReport): EventReport {
  return {
    source: entry.source,
    number: entry.number,
    generated_at: formatInstant(entry.generatedAt),
    collected_at: formatInstant(entry.collectedAt),
    next_refresh_at: formatInstant(entry.generatedAt + context.every_ms),
    sha256: entry.manifest.parts[0]?.sha256 ?? '',
  };
}

/** The context may hold more than an event says of an account. */
function accountOf({ context }: LoadedReport): EventAccount {
  const { provider, id, name, cloud_name, labels } = context.account;
  return { provider, id, name, ...(cloud_name === undefined ? {} : { cloud_name }), labels };
}

export function identityOf(identity: IdentityRecord): EventIdentity {
  const { kind, id, name, uniqueId } = identity;
  return uniqueId === undefined ? { kind, id, name } : { kind, id, name, unique_id: uniqueId };
}

export function credentialOf(credential: Credential): EventCredential {
  const { kind, id } = credential;
  const createdAt = valueOf(credential.createdAt);
  return {
    kind,
    ...(id === undefined ? {} : { id }),
    ...(createdAt === undefined ? {} : { created_at: formatInstant(createdAt) }),
  };
}

/** What an event is, without what the pair already says. `facts` make its id. */
export interface EventDraft extends Omit<Event, 'id' | 'type' | 'time' | 'occurred_at' | 'account' | 'report'> {
  readonly facts: EventFacts;
  /** Best known; generatedAt when left out. */
  readonly occurredAt?: string | undefined;
  /** Of another account than the report's. */
  readonly account?: EventAccount;
}

export function eventOf(pair: Pair, draft: EventDraft): Event {
  const { facts, occurredAt, account, kind, severity, message, ...rest } = draft;
  const { report } = pair;
  return {
    id: eventId(report.source, report.generated_at, facts),
    kind,
    type: facts.type,
    time: report.collected_at,
    occurred_at: occurredAt ?? report.generated_at,
    severity,
    message,
    account: account ?? pair.account,
    ...rest,
    report,
  };
}

/** Of the first report of a UTC day, or of its source. */
export function isFirstOfDay({ previous, current }: Pair): boolean {
  return previous === undefined || dayOf(previous.entry.generatedAt) !== dayOf(current.entry.generatedAt);
}

function dayOf(instant: number): number {
  return Math.floor(instant / DAY_MS);
}
