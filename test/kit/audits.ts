import { decide, findingsIn } from '../../src/derive/decide.ts';
import type { AccessIdentity, KeyUse, ServiceAccess } from '../../src/domain/access.ts';
import type { LoadedReport } from '../../src/domain/loaded.ts';
import { sourceName } from '../../src/domain/names.ts';
import type { Parts } from '../../src/domain/report.ts';
import type { Exception, Rules } from '../../src/domain/rules.ts';
import { atOnce } from '../../src/kit/steps.ts';
import { DAY, HOUR, known, loaded, NEVER, T0, UNKNOWN } from './records.ts';

export const ACCESS_AUDIT = sourceName({ provider: 'aws', accountId: '123456789012', kind: 'access-audit' });
export const KEY_AUDIT = sourceName({ provider: 'aws', accountId: '123456789012', kind: 'key-audit' });

export function anIdentity(name: string, changes: Partial<AccessIdentity> = {}): AccessIdentity {
  const { kind = 'user' } = changes;
  return { kind, name, id: `arn:aws:iam::123456789012:${kind}/${name}`, createdAt: known(T0 - 400 * DAY), ...changes };
}

/** A service that is granted, tracked for 400 days, and was never used. */
export function access(name: string, service: string, changes: Partial<ServiceAccess> = {}): ServiceAccess {
  return {
    identity: anIdentity(name),
    service,
    granted: known(true),
    grantedBy: [],
    lastUsedAt: NEVER,
    lastUsedRegion: NEVER,
    trackedSince: known(T0 - 400 * DAY),
    why: [],
    ...changes,
  };
}

/** An identity of which a page could not be read. */
export function unread(name: string): ServiceAccess {
  return access(name, '', { granted: UNKNOWN, lastUsedAt: UNKNOWN, why: ['a page could not be read'] });
}

export function used(ago: number): Pick<ServiceAccess, 'lastUsedAt' | 'lastUsedRegion'> {
  return { lastUsedAt: known(T0 - ago), lastUsedRegion: known('eu-central-1') };
}

type What = Partial<KeyUse> & { readonly owner?: AccessIdentity };

/** A row of one key that was used an hour before T0. */
export function keyUse(id: string, what: KeyUse['what'], changes: What = {}): KeyUse {
  return {
    owner: anIdentity('alice'),
    key: { id, createdAt: known(T0 - 100 * DAY), active: known(true) },
    what,
    service: what === 'key' || what === 'address' ? '' : 's3',
    name: '',
    type: '',
    firstUsedAt: UNKNOWN,
    lastUsedAt: known(T0 - HOUR),
    region: UNKNOWN,
    count: UNKNOWN,
    reportedLastUsedAt: what === 'key' ? known(T0 - HOUR) : UNKNOWN,
    why: [],
    ...changes,
  };
}

export function address(id: string, name: string, changes: What = {}): KeyUse {
  return keyUse(id, 'address', { name, ...changes });
}

export interface AuditChanges {
  readonly previous?: LoadedReport | undefined;
  readonly generatedAt?: number;
  readonly rules?: Rules;
  readonly exceptions?: readonly Exception[];
}

/** As it is read back from the archive, decided beside the report before; a day after it. */
export function accessAudit(rows: readonly ServiceAccess[], changes: AuditChanges = {}): LoadedReport {
  return decided(
    loaded([], { source: ACCESS_AUDIT, ...timed(changes), parsed: { rows: rows.length, access: rows } }),
    changes,
  );
}

export function keyAudit(rows: readonly KeyUse[], changes: AuditChanges = {}): LoadedReport {
  return decided(
    loaded([], { source: KEY_AUDIT, ...timed(changes), parsed: { rows: rows.length, keyUses: rows } }),
    changes,
  );
}

function timed({ previous, generatedAt, rules = {}, exceptions = [] }: AuditChanges) {
  return {
    previous,
    rules,
    exceptions,
    generatedAt: generatedAt ?? (previous === undefined ? T0 : previous.entry.generatedAt + DAY),
  };
}

function decided(report: LoadedReport, { previous }: AuditChanges): LoadedReport {
  const { entry, parsed, context } = report;
  const matter = { source: entry.source, parsed, generatedAt: entry.generatedAt, context };
  const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
  const parts: Parts = new Map(
    decide(matter, previous?.parts ?? new Map()).map(({ name, value }) => [name, encode(value)]),
  );
  return { ...report, parts, findings: atOnce(findingsIn(parts))! };
}
