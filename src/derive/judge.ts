import type { FindingSubject, Findings, OpenFinding } from '../domain/finding.ts';
import { formatInstant, type Instant, parseInstant } from '../domain/instant.ts';
import { type SourceName, splitSource } from '../domain/names.ts';
import type { CredentialRecord } from '../domain/record.ts';
import { valueOf } from '../domain/record.ts';
import type { ParsedReport } from '../domain/report.ts';
import type { Exception, Rule, Rules } from '../domain/rules.ts';
import { fastIso } from '../kit/fast-iso.ts';
import { shortHash } from '../kit/short-hash.ts';
import { atOnce, type Steps } from '../kit/steps.ts';
import type { Check, KnownCheck, Scene, Verdict } from './checks/check.ts';
import { checks, ruleOf } from './checks/registry.ts';
import type { Credential } from './credential.ts';
import { EarlierFindings, type Search } from './earlier-findings.ts';
import type { Fact } from './event-id.ts';
import { factOf, findingIds, identityText } from './event-id.ts';
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
  return atOnce(judging({ source, parsed, generatedAt, rules, exceptions }, previous));
}

export interface JudgedReport {
  readonly source: SourceName;
  readonly parsed: ParsedReport;
  readonly generatedAt: Instant;
  readonly rules: Rules;
  readonly exceptions?: readonly Exception[] | undefined;
}

const RECORDS_A_STEP = 500;

/** The same in steps. Check by check: in this order the findings are kept. */
export function* judging(report: JudgedReport, previous: Findings | undefined): Steps<Findings> {
  const { source, parsed, generatedAt, rules, exceptions = [] } = report;
  const earlier = new EarlierFindings(previous);
  const at = formatInstant(generatedAt);
  const scene: Scene = { provider: splitSource(source).provider, columns: parsed.columns };
  const judged = checks.map((check) => ({ check, rule: ruleOf(rules, check) })).filter(({ rule }) => rule.enabled);
  const subjects = parsed.records.map(subjectOf);
  const open = new Map<string, OpenFinding>();
  for (const { check, rule } of judged) {
    const idOf = findingIds(source, check.id);
    const court: Court = { check, rule, scene, generatedAt, at, earlier, idOf, open };
    for (let from = 0; from < subjects.length; from += RECORDS_A_STEP) {
      yield;
      judgeAll(court, subjects.slice(from, from + RECORDS_A_STEP));
    }
    for (const finding of untoldOf(court, parsed.records)) open.set(finding.id, finding);
  }
  yield;
  const told = setApart([...open.values()], exceptions);
  return {
    version: 1,
    checks: Object.fromEntries(judged.map(({ check, rule }) => [check.id, digestOf(check, rule)])),
    open: told.open,
    ...(told.excepted.length === 0 ? {} : { excepted: told.excepted }),
  };
}

/** One step: so many records, judged by one check. */
function judgeAll(court: Court, subjects: readonly Subject[]): void {
  const { check, rule, scene, generatedAt } = court;
  for (const subject of subjects) {
    const verdicts = check.judge(subject.record, generatedAt, rule, scene);
    if (verdicts.length > 0) findAll(court, subject, verdicts);
  }
}

type FoundCredential = NonNullable<FindingSubject['credential']>;

/** One check of one report. */
interface Court {
  readonly check: Check;
  readonly rule: Rule;
  readonly scene: Scene;
  readonly generatedAt: Instant;
  readonly at: string;
  readonly earlier: EarlierFindings;
  readonly idOf: ReturnType<typeof findingIds>;
  /** What it and the checks before it found, by id. */
  readonly open: Map<string, OpenFinding>;
}

/** Whom all checks judge: what is the same each time is made once. */
interface Subject {
  readonly record: CredentialRecord;
  readonly text: string;
  readonly identity: FindingSubject['identity'];
}

function subjectOf(record: CredentialRecord): Subject {
  const { kind, id, name } = record.identity;
  return { record, text: identityText(record.identity), identity: { kind, id, name } };
}

/**
 * Those whose creation is told come first, and take up their own earlier findings: one that is not told may have any of those that are left. Then what
 * fails, so that an `unknown` twin of a failing key keeps open only what is left.
 */
function findAll(court: Court, subject: Subject, verdicts: readonly Verdict[]): void {
  // One alone has no twin: most records.
  const ordinalOf = verdicts.length === 1 ? first : twinCounter();
  const inOrder = verdicts.length === 1 ? verdicts : verdicts.toSorted((a, b) => rank(a) - rank(b));
  for (const verdict of inOrder) {
    const finding = findingOf(court, subject, verdict, ordinalOf(verdict.credential));
    if (finding !== undefined) court.open.set(finding.id, finding);
  }
}

function findingOf(court: Court, subject: Subject, verdict: Verdict, ordinal: number): OpenFinding | undefined {
  const { status, credential } = verdict;
  const newId = court.idOf({
    identity: subject.text,
    credentialKind: credential?.kind ?? null,
    credentialCreated: createdOf(credential),
    ordinal,
  });
  const isUnsure = isHalfKnown(subject.record, credential);
  const earlier = court.earlier.take(newId, isUnsure ? searchOf(court.check, subject.record, credential) : undefined);
  if (status === 'unknown') return earlier && { ...earlier, status };
  const id = earlier?.id ?? newId;
  const severity = severityOfFinding(court.rule.severity, status);
  const since = earlier?.since ?? court.at;
  const { identity } = subject;
  if (credential === undefined) return { id, check: court.check.id, severity, status, since, identity };
  // What was known of the credential of the same finding stays known: no event says that it is not.
  const known = credentialOf(credential, earlier?.credential);
  return { id, check: court.check.id, severity, status, since, identity, credential: known };
}

/** What was open on identities of which this report does not tell: it stays open. */
function untoldOf({ check, earlier }: Court, records: readonly CredentialRecord[]): readonly OpenFinding[] {
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

function createdOf(credential: Credential | undefined): Fact {
  return credential === undefined ? null : factOf(credential.createdAt);
}

/** A creation cell that was not understood must not close a finding and open another for the same thing. */
function isHalfKnown({ identity }: CredentialRecord, credential: Credential | undefined): boolean {
  return (
    valueOf(identity.createdAt) === undefined ||
    (credential !== undefined && valueOf(credential.createdAt) === undefined)
  );
}

function searchOf({ id }: Check, { identity }: CredentialRecord, credential: Credential | undefined): Search {
  const { kind, created_at } = credential === undefined ? {} : credentialOf(credential);
  return { check: id, identityId: identity.id, credentialKind: kind, credentialCreatedAt: created_at };
}

function credentialOf({ kind, createdAt, id: told }: Credential, earlier?: FoundCredential): FoundCredential {
  const instant = valueOf(createdAt);
  const created_at = instant === undefined ? earlier?.created_at : fastIso(instant);
  const id = told ?? earlier?.id;
  if (id !== undefined) return created_at === undefined ? { kind, id } : { kind, created_at, id };
  return created_at === undefined ? { kind } : { kind, created_at };
}

export function digestOf({ id, revision }: KnownCheck, { severity, thresholds, lists }: Rule): string {
  const facts = [id, revision ?? 1, severity, sorted(thresholds)];
  return shortHash(JSON.stringify(lists === undefined ? facts : [...facts, sorted(lists)]));
}

function sorted<T>(named: Readonly<Record<string, T>>): readonly (readonly [string, T])[] {
  return Object.entries(named).sort(([a], [b]) => (a < b ? -1 : 1));
}
