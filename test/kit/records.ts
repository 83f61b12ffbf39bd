import { checks, completeRules } from '../../src/derive/checks/registry.ts';
import { decide, findingsIn } from '../../src/derive/decide.ts';
import { exceptionsFor } from '../../src/derive/exceptions.ts';
import type { Context } from '../../src/domain/context.ts';
import { COVERAGE_PART, type Coverage } from '../../src/domain/coverage.ts';
import type { Health } from '../../src/domain/health.ts';
import { HEALTH_PART } from '../../src/domain/health.ts';
import type { LoadedReport } from '../../src/domain/loaded.ts';
import { type SourceName, sourceName } from '../../src/domain/names.ts';
import type { AccessKeyRecord, CredentialRecord, Field } from '../../src/domain/record.ts';
import { FINDINGS_PART, type ParsedReport, type Parts, type ReportEntry } from '../../src/domain/report.ts';
import type { ChangeRules, Exception, Rules } from '../../src/domain/rules.ts';
import { atOnce } from '../../src/kit/steps.ts';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
/** When the first report of a test is generated. */
export const T0 = Date.UTC(2026, 8, 11, 12);
export const SOURCE: SourceName = sourceName({
  provider: 'aws',
  accountId: '123456789012',
  kind: 'credential-report',
});

export function known<T>(value: T): Field<T> {
  return { value };
}

export const ABSENT = { reason: 'absent' } as const;
export const NEVER = { reason: 'never' } as const;
export const UNSUPPORTED = { reason: 'unsupported' } as const;
export const UNKNOWN = { reason: 'unknown', why: 'not understood: maybe' } as const;

export function accessKey(changes: Partial<AccessKeyRecord> = {}): AccessKeyRecord {
  return {
    slot: 1,
    active: known(true),
    createdAt: known(T0 - 10 * DAY),
    lastUsedAt: NEVER,
    lastUsedRegion: NEVER,
    lastUsedService: NEVER,
    ...changes,
  };
}

export type Changes = Omit<Partial<CredentialRecord>, 'identity' | 'console'> & {
  readonly identity?: Partial<CredentialRecord['identity']>;
  readonly console?: Partial<CredentialRecord['console']>;
};

/** A user with nothing: no password, no MFA, no key. */
export function user(name: string, changes: Changes = {}): CredentialRecord {
  const { identity, console, ...rest } = changes;
  return {
    mfa: known(false),
    accessKeys: [],
    certificates: [],
    cells: [name, `arn:aws:iam::123456789012:user/${name}`],
    derived: [],
    ...rest,
    identity: {
      kind: 'user',
      name,
      id: `arn:aws:iam::123456789012:user/${name}`,
      createdAt: known(T0 - 400 * DAY),
      ...identity,
    },
    console: {
      enabled: known(false),
      lastUsedAt: ABSENT,
      passwordChangedAt: ABSENT,
      nextRotationAt: ABSENT,
      ...console,
    },
  };
}

/** A user that can sign in, with a password as old as given. */
export function consoleUser(name: string, changes: Changes = {}): CredentialRecord {
  const console = {
    enabled: known(true),
    lastUsedAt: NEVER,
    passwordChangedAt: known(T0 - 30 * DAY),
    ...changes.console,
  };
  return user(name, { ...changes, console });
}

export function root(changes: Changes = {}): CredentialRecord {
  const identity = { kind: 'root', name: '<root_account>', id: 'arn:aws:iam::123456789012:root' } as const;
  return consoleUser('<root_account>', {
    mfa: known(true),
    ...changes,
    identity: { ...identity, ...changes.identity },
  });
}

export function parsed(records: readonly CredentialRecord[], changes: Partial<ParsedReport> = {}): ParsedReport {
  return {
    rows: records.length,
    columns: ['user', 'arn'],
    unknownColumns: [],
    missingColumns: [],
    records,
    defects: [],
    oddities: [],
    ...changes,
  };
}

/** The rules by which these checks judge, and no others. */
export function onlyChecks(...ids: readonly string[]): Rules {
  return Object.fromEntries(
    checks.map(({ id, defaults }) => [id, { ...defaults, enabled: defaults.enabled && ids.includes(id) }]),
  );
}

/** The three that there were first: what they find stays as it is when checks are added. */
export const FIRST_CHECKS: Rules = onlyChecks('root.key.exists', 'user.console.no_mfa', 'user.key.too_old');

export const ALL_CHECKS: Rules = Object.fromEntries(
  checks.map(({ id, defaults }) => [id, { ...defaults, enabled: true }]),
);

export interface ReportChanges {
  readonly source?: SourceName;
  readonly previous?: LoadedReport | undefined;
  readonly generatedAt?: number;
  /** Over `FIRST_CHECKS`. */
  readonly rules?: Rules;
  readonly exceptions?: readonly Exception[];
  readonly changes?: ChangeRules;
  readonly parsed?: Partial<ParsedReport>;
  readonly health?: Health;
  readonly coverage?: readonly Coverage[];
  readonly labels?: Readonly<Record<string, string>>;
}

/** A report as it is read back from the archive: judged against the one before, four hours after it. */
export function loaded(records: readonly CredentialRecord[], changes: ReportChanges = {}): LoadedReport {
  const { previous, source = SOURCE, health, coverage } = changes;
  const generatedAt = changes.generatedAt ?? (previous === undefined ? T0 : previous.entry.generatedAt + 4 * HOUR);
  const table = parsed(records, changes.parsed);
  const context = contextOf(changes, generatedAt);
  const decided = decide({ source, parsed: table, generatedAt, context }, partsOf(previous));
  const parts = new Map(decided.map(({ name, value }) => [name, encoded(value)]));
  if (health !== undefined) parts.set(HEALTH_PART, encoded(health));
  if (coverage !== undefined) parts.set(COVERAGE_PART, encoded({ version: 1, accounts: coverage }));
  return {
    entry: entry(source, (previous?.entry.number ?? 0) + 1, generatedAt, records.length),
    context,
    findings: atOnce(findingsIn(parts)) ?? { version: 1, checks: {}, open: [] },
    parsed: table,
    parts,
  };
}

function contextOf(given: ReportChanges, generatedAt: number): Context {
  const account = { provider: 'aws', id: '123456789012', name: 'prod', labels: given.labels ?? { bu: 'retail' } };
  return {
    version: 1,
    account,
    every_ms: 4 * HOUR,
    rules: completeRules({ ...FIRST_CHECKS, ...given.rules }),
    exceptions: exceptionsFor(given.exceptions ?? [], account, generatedAt),
    ...(given.changes === undefined ? {} : { changes: given.changes }),
    not_visible: ['service-specific credentials'],
    muster: '0.0.0-test',
  };
}

/** A test may say what was open before. */
function partsOf(previous: LoadedReport | undefined): Parts {
  return previous === undefined
    ? new Map()
    : new Map([...previous.parts, [FINDINGS_PART, encoded(previous.findings)] as const]);
}

function encoded(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

function entry(source: SourceName, number: number, generatedAt: number, rows: number): ReportEntry {
  const collectedAt = generatedAt + 90_000;
  const sha256 = number.toString(16).padStart(64, 'a');
  return {
    source,
    number,
    generatedAt,
    collectedAt,
    sha256,
    manifest: {
      version: 1,
      source,
      number,
      generated_at: new Date(generatedAt).toISOString(),
      collected_at: new Date(collectedAt).toISOString(),
      origin: 'provider',
      rows,
      columns: 2,
      parts: [{ name: 'report.csv', file: 'report.csv.gz', size: 1, sha256: 'b'.repeat(64) }],
      request_ids: [],
      cut: [],
      muster: '0.0.0-test',
    },
  };
}
