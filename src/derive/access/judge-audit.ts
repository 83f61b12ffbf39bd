import type { FindingSubject, Findings, OpenFinding } from '../../domain/finding.ts';
import { formatInstant, type Instant } from '../../domain/instant.ts';
import { type SourceName, splitSource } from '../../domain/names.ts';
import { valueOf } from '../../domain/record.ts';
import type { ParsedReport } from '../../domain/report.ts';
import type { Exception, Rules } from '../../domain/rules.ts';
import { shortHash } from '../../kit/short-hash.ts';
import { mapped, type Steps } from '../../kit/steps.ts';
import { ruleOf } from '../checks/registry.ts';
import { openBefore } from '../earlier-findings.ts';
import type { Fact } from '../event-id.ts';
import { setApart } from '../exceptions.ts';
import { digestOf } from '../judge.ts';
import { severityOfFinding } from '../severity.ts';
import type { AuditCheck, AuditKind, AuditScene, AuditVerdict } from './checks/audit-check.ts';
import { auditChecks } from './checks/registry.ts';
import type { AccessSeen } from './seen.ts';

export interface AuditMatter {
  readonly source: SourceName;
  readonly kind: AuditKind;
  readonly parsed: ParsedReport;
  readonly generatedAt: Instant;
  readonly rules: Rules;
  readonly exceptions?: readonly Exception[] | undefined;
  /** With this report. */
  readonly seen: AccessSeen;
}

/** What is open as of generatedAt, judged once, at collection; `previous` is what the head kept. */
export function* judgingAudit(matter: AuditMatter, previous: Findings | undefined): Steps<Findings> {
  const earlier = openBefore(previous);
  const judged = auditChecks
    .filter(({ kind }) => kind === matter.kind)
    .map((check) => ({ check, rule: ruleOf(matter.rules, check) }))
    .filter(({ rule }) => rule.enabled);
  const { source, parsed, generatedAt, seen } = matter;
  const { provider } = splitSource(source);
  const open: (readonly OpenFinding[])[] = [];
  for (const { check, rule } of judged) {
    open.push(yield* openOf(matter, check, { provider, parsed, generatedAt, seen, rule }, earlier));
  }
  const told = setApart(open.flat(), matter.exceptions ?? []);
  return {
    version: 1,
    checks: Object.fromEntries(judged.map(({ check, rule }) => [check.id, digestOf(check, rule)])),
    open: told.open,
    ...(told.excepted.length === 0 ? {} : { excepted: told.excepted }),
  };
}

function* openOf(
  matter: AuditMatter,
  check: AuditCheck,
  scene: AuditScene,
  earlier: readonly OpenFinding[],
): Steps<readonly OpenFinding[]> {
  const left = new Map(earlier.filter((one) => one.check === check.id).map((one) => [one.id, one]));
  const verdicts = yield* check.judge(scene);
  const open = yield* mapped(verdicts, (verdict) => findingOf(matter, check, scene, verdict, left));
  const isUntold = left.size === 0 ? undefined : check.untold?.(scene);
  const untold = isUntold === undefined ? [] : [...left.values()].filter(isUntold);
  return [...open.flat(), ...untold.map((finding): OpenFinding => ({ ...finding, status: 'unknown' }))].sort(byId);
}

/** The order of rows changes no byte. */
function byId(one: OpenFinding, other: OpenFinding): number {
  return one.id < other.id ? -1 : 1;
}

/** Takes the earlier finding of the same subject out of what is left. */
function findingOf(
  { source, generatedAt }: AuditMatter,
  { id: check }: AuditCheck,
  { rule }: AuditScene,
  verdict: AuditVerdict,
  left: Map<string, OpenFinding>,
): readonly OpenFinding[] {
  const { status, subject } = verdict;
  const id = findingId(source, check, verdict);
  const earlier = earlierOf(source, check, verdict, left);
  if (earlier !== undefined) left.delete(earlier.id);
  if (status === 'pass') return [];
  if (status === 'unknown') return earlier === undefined ? [] : [{ ...earlier, status }];
  return [
    {
      id: earlier?.id ?? id,
      check,
      severity: severityOfFinding(rule.severity, status),
      status,
      since: earlier?.since ?? formatInstant(generatedAt),
      ...subject,
      // As it was told when it was opened: no event says what was learnt of the key since.
      ...(earlier?.credential === undefined ? {} : { credential: earlier.credential }),
    },
  ];
}

/** A creation that is told in one report and not in another must not close a finding and open another for the same thing. */
function earlierOf(
  source: SourceName,
  check: string,
  verdict: AuditVerdict,
  left: ReadonlyMap<string, OpenFinding>,
): OpenFinding | undefined {
  const same = left.get(findingId(source, check, verdict));
  if (same !== undefined || verdict.createdAt === undefined) return same;
  if (valueOf(verdict.createdAt) === undefined) return [...left.values()].find((one) => isAbout(one, verdict.subject));
  return left.get(findingId(source, check, { ...verdict, createdAt: { reason: 'unknown' } }));
}

function isAbout({ identity, policy, credential }: OpenFinding, subject: FindingSubject): boolean {
  return (
    identity.kind === subject.identity.kind &&
    identity.id === subject.identity.id &&
    policy === subject.policy &&
    credential?.id === subject.credential?.id
  );
}

/** The same as long as the finding is about the same thing. Frozen. */
function findingId(source: SourceName, check: string, { subject, createdAt }: AuditVerdict): string {
  const { identity, policy, credential } = subject;
  const made = createdAt === undefined ? null : (valueOf(createdAt) ?? null);
  const facts: readonly Fact[] = [identity.kind, identity.id, made, policy ?? null, credential?.id ?? null];
  return shortHash(JSON.stringify([source, 'finding', check, facts]));
}
