import type { FindingSubject, Findings, OpenFinding } from '../domain/finding.ts';
import { formatInstant, type Instant, parseInstant } from '../domain/instant.ts';
import { type SourceName, splitSource } from '../domain/names.ts';
import type { CredentialRecord } from '../domain/record.ts';
import { valueOf } from '../domain/record.ts';
import type { ParsedReport } from '../domain/report.ts';
import type { Exception, Rule, Rules } from '../domain/rules.ts';
import { fastIso } from '../kit/fast-iso.ts';
import { groupBy } from '../kit/group-by.ts';
import { shortHash } from '../kit/short-hash.ts';
import { atOnce, type Steps } from '../kit/steps.ts';
import type { Check, KnownCheck, Scene, Verdict } from './checks/check.ts';
import { checks, ruleOf } from './checks/registry.ts';
import type { Credential } from './credential.ts';
import { EarlierFindings, eachOnce, openBefore, type Search } from './earlier-findings.ts';
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
  readonly management?: Scene['management'];
}

const RECORDS_A_STEP = 100;

/** The same in steps. Findings are kept check by check, but every check judges a record while it is at hand. */
export function* judging(report: JudgedReport, previous: Findings | undefined): Steps<Findings> {
  const { records } = report.parsed;
  const courts = courtsOf(report, previous);
  for (let from = 0; from < records.length; from += RECORDS_A_STEP) {
    yield;
    const subjects = records.slice(from, from + RECORDS_A_STEP).map(subjectOf);
    for (const court of courts) judgeAll(court, subjects);
  }
  yield;
  const found = courts.flatMap((court) => [...court.open, ...untoldOf(court, records)]);
  yield;
  const isRepeated = courts.some(({ earlier }) => earlier.isRepeated);
  const { open, excepted } = setApart(isRepeated ? eachOnce(found) : found, report.exceptions ?? []);
  return {
    version: 1,
    checks: Object.fromEntries(courts.map(({ check, rule }) => [check.id, digestOf(check, rule)])),
    open,
    ...(excepted.length === 0 ? {} : { excepted }),
  };
}

/** One check of one report. */
interface Court {
  readonly check: Check;
  readonly rule: Rule;
  readonly scene: Scene;
  readonly generatedAt: Instant;
  readonly at: string;
  readonly earlier: EarlierFindings;
  readonly idOf: ReturnType<typeof findingIds>;
  /** What it found. */
  readonly open: OpenFinding[];
}

function courtsOf(report: JudgedReport, previous: Findings | undefined): readonly Court[] {
  const { source, parsed, generatedAt, rules, management } = report;
  const { provider } = splitSource(source);
  const scene: Scene = { provider, columns: parsed.columns, ...(management === undefined ? {} : { management }) };
  const at = formatInstant(generatedAt);
  const earlier = groupBy(openBefore(previous), ({ check }) => check);
  const judged = checks.map((check) => ({ check, rule: ruleOf(rules, check) })).filter(({ rule }) => rule.enabled);
  return judged.map(({ check, rule }) => {
    const known = new EarlierFindings(earlier.get(check.id) ?? []);
    return { check, rule, scene, generatedAt, at, earlier: known, idOf: findingIds(source, check.id), open: [] };
  });
}

/** So many records, judged by one check. */
function judgeAll(court: Court, subjects: readonly Subject[]): void {
  const { check, rule, scene, generatedAt } = court;
  for (const subject of subjects) {
    const verdicts = check.judge(subject.record, generatedAt, rule, scene);
    if (verdicts.length > 0) findAll(court, subject, verdicts);
  }
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
  const inOrder = verdicts.length === 1 ? verdicts : verdicts.toSorted((a, b) => rank(a) - rank(b));
  let place = 0;
  for (const verdict of inOrder) {
    const ordinal = place === 0 ? 0 : twinsOf(verdict, inOrder.slice(0, place));
    const finding = findingOf(court, subject, verdict, ordinal);
    if (finding !== undefined) court.open.push(finding);
    place += 1;
  }
}

/** Keys of one owner made in the same second are told apart by number alone. */
function twinsOf({ credential }: Verdict, others: readonly Verdict[]): number {
  const isTwin = (other: Verdict) =>
    other.credential?.kind === credential?.kind && createdOf(other.credential) === createdOf(credential);
  return others.filter(isTwin).length;
}

type FoundCredential = NonNullable<FindingSubject['credential']>;

function findingOf(court: Court, subject: Subject, verdict: Verdict, ordinal: number): OpenFinding | undefined {
  const { status, credential } = verdict;
  const newId = court.idOf({
    identity: subject.text,
    credentialKind: credential?.kind ?? null,
    credentialCreated: createdOf(credential),
    ordinal,
  });
  const isUnsure = isHalfKnown(subject.record, credential);
  const earlier = court.earlier.take(newId, isUnsure ? searchOf(subject.record, credential) : undefined);
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
  if (check.isUntold === undefined) return [];
  const left = earlier.left();
  if (left.length === 0) return [];
  const untold = records.filter((record) => check.isUntold?.(record) === true);
  const born = new Map(untold.map(({ identity }) => [identity.id, valueOf(identity.createdAt)]));
  const isStillOpen = ({ identity, credential }: OpenFinding) => {
    const madeAt = parseInstant(credential?.created_at ?? '');
    // A credential that is older than its owner was somebody else's of the same name.
    return born.has(identity.id) && !(madeAt !== undefined && madeAt < (born.get(identity.id) ?? madeAt));
  };
  return left.filter(isStillOpen).map((finding) => ({ ...finding, status: 'unknown' }));
}

function rank({ status, credential }: Verdict): number {
  const isTold = credential === undefined || valueOf(credential.createdAt) !== undefined;
  return { fail: 0, warn: 1, unknown: 2 }[status] + (isTold ? 0 : 3);
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

function searchOf({ identity }: CredentialRecord, credential: Credential | undefined): Search {
  const { kind, created_at } = credential === undefined ? {} : credentialOf(credential);
  return { identityId: identity.id, credentialKind: kind, credentialCreatedAt: created_at };
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
