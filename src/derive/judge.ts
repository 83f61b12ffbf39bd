import type { FindingSubject, Findings, OpenFinding } from '../domain/finding.ts';
import { formatInstant, type Instant, parseInstant } from '../domain/instant.ts';
import { type SourceName, splitSource } from '../domain/names.ts';
import type { CredentialRecord } from '../domain/record.ts';
import { valueOf } from '../domain/record.ts';
import type { ParsedReport } from '../domain/report.ts';
import type { Exception, Rule, Rules } from '../domain/rules.ts';
import { fastIso } from '../kit/fast-iso.ts';
import { shortHash } from '../kit/short-hash.ts';
import type { Check, KnownCheck, Scene, Verdict } from './checks/check.ts';
import { checks, ruleOf } from './checks/registry.ts';
import type { Credential } from './credential.ts';
import { EarlierFindings, type Search } from './earlier-findings.ts';
import type { Fact } from './event-id.ts';
import { factOf, findingId, identityFacts } from './event-id.ts';
import { setApart } from './exceptions.ts';
import { severityOfFinding } from './severity.ts';

/** What is open as of generatedAt. Judged once, at collection; `previous` is what the head kept. */
export function judge(
  source: SourceName,
  parsed: ParsedReport,
  generatedAt: Instant,
  rules: Rules,
  previous: Findings | undefined,
  exceptions: readonly Exception[] = [],
): Findings {
  const court: Court = { source, at: formatInstant(generatedAt), earlier: new EarlierFindings(previous) };
  const judged = checks.map((check) => ({ check, rule: ruleOf(rules, check) })).filter(({ rule }) => rule.enabled);
  const scene: Scene = { provider: splitSource(source).provider, columns: parsed.columns };
  const open = new Map<string, OpenFinding>();
  for (const { check, rule } of judged) {
    for (const record of parsed.records) {
      const verdicts = check.judge(record, generatedAt, rule, scene);
      if (verdicts.length === 0) continue;
      for (const finding of findingsOf(court, { check, rule, record }, verdicts)) open.set(finding.id, finding);
    }
    for (const finding of untoldOf(court, check, parsed.records)) open.set(finding.id, finding);
  }
  const told = setApart([...open.values()], exceptions);
  return {
    version: 1,
    checks: Object.fromEntries(judged.map(({ check, rule }) => [check.id, digestOf(check, rule)])),
    open: told.open,
    ...(told.excepted.length === 0 ? {} : { excepted: told.excepted }),
  };
}

type FoundCredential = NonNullable<FindingSubject['credential']>;

interface Court {
  readonly source: SourceName;
  readonly at: string;
  readonly earlier: EarlierFindings;
}

interface Case {
  readonly check: Check;
  readonly rule: Rule;
  readonly record: CredentialRecord;
}

/**
 * Those whose creation is told come first, and take up their own earlier findings: one that is not told may have any of those that are left. Then what
 * fails, so that an `unknown` twin of a failing key keeps open only what is left.
 */
function findingsOf(court: Court, matter: Case, verdicts: readonly Verdict[]): readonly OpenFinding[] {
  const ordinalOf = verdicts.length === 1 ? first : twinCounter();
  const inOrder = verdicts.length === 1 ? verdicts : verdicts.toSorted((a, b) => rank(a) - rank(b));
  return inOrder.flatMap((verdict): readonly OpenFinding[] => {
    const { credential } = verdict;
    const id = idOf(court, matter, credential, ordinalOf(credential));
    const earlier = court.earlier.take(id, isHalfKnown(matter, credential) ? searchOf(matter, credential) : undefined);
    if (verdict.status === 'unknown') return earlier === undefined ? [] : [{ ...earlier, status: 'unknown' }];
    return [
      {
        id: earlier?.id ?? id,
        check: matter.check.id,
        severity: severityOfFinding(matter.rule.severity, verdict.status),
        status: verdict.status,
        since: earlier?.since ?? court.at,
        ...subjectOf(matter.record, credential, earlier),
      },
    ];
  });
}

/** What was open on identities of which this report does not tell: it stays open. */
function untoldOf({ earlier }: Court, check: Check, records: readonly CredentialRecord[]): readonly OpenFinding[] {
  if (check.isUntold === undefined || !earlier.hasAny(check.id)) return [];
  const untold = records.filter((record) => check.isUntold?.(record) === true);
  const born = new Map(untold.map(({ identity }) => [identity.id, valueOf(identity.createdAt)]));
  return earlier.takeAllOf(check.id, ({ identity, credential }) => {
    const madeAt = parseInstant(credential?.created_at ?? '');
    // A credential that is older than its owner was somebody else's of the same name.
    return born.has(identity.id) && !(madeAt !== undefined && madeAt < (born.get(identity.id) ?? madeAt));
  });
}

function rank({ status, credential }: Verdict): number {
  const isTold = credential === undefined || valueOf(credential.createdAt) !== undefined;
  return { fail: 0, warn: 1, unknown: 2 }[status] + (isTold ? 0 : 3);
}

/** One alone has no twin: most records. */
function first(): number {
  return 0;
}

/** Keys of one owner made in the same second are told apart by number alone. */
function twinCounter(): (credential: Credential | undefined) => number {
  const seen = new Map<string, number>();
  return (credential) => {
    const twin = JSON.stringify([credential?.kind ?? null, createdOf(credential)]);
    const ordinal = seen.get(twin) ?? 0;
    seen.set(twin, ordinal + 1);
    return ordinal;
  };
}

function idOf({ source }: Court, { check, record }: Case, credential: Credential | undefined, ordinal: number): string {
  return findingId({
    source,
    check: check.id,
    identity: identityFacts(record.identity),
    credentialKind: credential?.kind ?? null,
    credentialCreated: createdOf(credential),
    ordinal,
  });
}

function createdOf(credential: Credential | undefined): Fact {
  return credential === undefined ? null : factOf(credential.createdAt);
}

/** A creation cell that was not understood must not close a finding and open another for the same thing. */
function isHalfKnown({ record }: Case, credential: Credential | undefined): boolean {
  return (
    valueOf(record.identity.createdAt) === undefined ||
    (credential !== undefined && valueOf(credential.createdAt) === undefined)
  );
}

function searchOf({ check, record }: Case, credential: Credential | undefined): Search {
  const { kind, created_at } = credential === undefined ? {} : credentialOf(credential);
  return { check: check.id, identityId: record.identity.id, credentialKind: kind, credentialCreatedAt: created_at };
}

/** What was known of the credential of the same finding stays known: no event says that it is not. */
function subjectOf(
  { identity }: CredentialRecord,
  credential: Credential | undefined,
  earlier: OpenFinding | undefined,
): FindingSubject {
  const { kind, id, name } = identity;
  return {
    identity: { kind, id, name },
    ...(credential === undefined ? {} : { credential: credentialOf(credential, earlier?.credential) }),
  };
}

function credentialOf({ kind, createdAt, id: told }: Credential, earlier?: FoundCredential): FoundCredential {
  const instant = valueOf(createdAt);
  const created_at = instant === undefined ? earlier?.created_at : fastIso(instant);
  const id = told ?? earlier?.id;
  return {
    kind,
    ...(created_at === undefined ? {} : { created_at }),
    ...(id === undefined ? {} : { id }),
  };
}

export function digestOf({ id, revision }: KnownCheck, { severity, thresholds, lists }: Rule): string {
  const facts = [id, revision ?? 1, severity, sorted(thresholds)];
  return shortHash(JSON.stringify(lists === undefined ? facts : [...facts, sorted(lists)]));
}

function sorted<T>(named: Readonly<Record<string, T>>): readonly (readonly [string, T])[] {
  return Object.entries(named).sort(([a], [b]) => (a < b ? -1 : 1));
}
