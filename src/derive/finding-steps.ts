import type { FindingType } from '../domain/event-types.ts';
import type { ExceptedFinding, Findings, OpenFinding } from '../domain/finding.ts';
import { EarlierFindings } from './earlier-findings.ts';

type Cause = 'report' | 'rules' | 'exception' | 'baseline';

/** One step of what is open: folding all of a source's steps gives what the newest report kept, and nothing else. */
export interface Step {
  readonly type: FindingType;
  readonly finding: OpenFinding;
  /** The same finding as it was, when it stays open and weighs or reads otherwise. */
  readonly was?: OpenFinding;
  readonly cause: Cause;
  /** The one that closed it, or that no longer holds. */
  readonly exception?: ExceptedFinding['exception'];
}

/** Whose record changed between two reports. */
export interface Compared {
  readonly rows: readonly {
    readonly changed: boolean;
    readonly record: { readonly identity: { readonly id: string } };
  }[];
}

/** The difference of two findings parts; at a baseline all that is open. Judges nothing: that was done once, at collection. */
export function findingSteps(before: Findings | undefined, after: Findings, comparison: Compared): readonly Step[] {
  if (before === undefined) return after.open.map(baselineOf);
  return stepsOf(before, after, causes(before, after, comparison));
}

function baselineOf(finding: OpenFinding): Step {
  return { type: 'finding.baseline', finding, cause: 'baseline' };
}

function stepsOf(before: Findings, after: Findings, causeOf: (finding: OpenFinding) => Cause): readonly Step[] {
  const old = new EarlierFindings(before.open);
  const exceptionBefore = exceptionsIn(before);
  const exceptionAfter = exceptionsIn(after);
  const steps: Step[] = [];
  for (const finding of after.open) {
    const was = old.take(finding.id);
    const exception = exceptionBefore.get(finding.id);
    if (was === undefined && exception !== undefined) {
      steps.push({ type: 'finding.opened', finding, cause: 'exception', exception });
    } else if (was === undefined && !Object.hasOwn(before.checks, finding.check)) steps.push(baselineOf(finding));
    else if (was === undefined) steps.push({ type: 'finding.opened', finding, cause: causeOf(finding) });
    else if (!isSameWeight(was, finding)) {
      steps.push({ type: 'finding.opened', finding, was, cause: causeOf(finding) });
    }
  }
  for (const finding of old.left()) {
    const exception = exceptionAfter.get(finding.id);
    if (exception === undefined) steps.push({ type: 'finding.closed', finding, cause: causeOf(finding) });
    else steps.push({ type: 'finding.closed', finding, cause: 'exception', exception });
  }
  return steps;
}

function exceptionsIn({ excepted = [] }: Findings): ReadonlyMap<string, ExceptedFinding['exception']> {
  return new Map(excepted.map(({ id, exception }) => [id, exception]));
}

/** `rules` only when the check's rule changed (or it was switched off) and the identity did not. */
function causes(before: Findings, after: Findings, { rows }: Compared): (finding: OpenFinding) => Cause {
  const ruled = new Set([...Object.keys(before.checks), ...Object.keys(after.checks)]);
  for (const check of ruled) if (digestIn(before, check) === digestIn(after, check)) ruled.delete(check);
  if (ruled.size === 0) return () => 'report';
  const idOf = ({ record }: Compared['rows'][number]) => record.identity.id;
  const unchanged = new Set(rows.filter((row) => !row.changed).map(idOf));
  for (const row of rows) if (row.changed) unchanged.delete(idOf(row));
  return ({ check, identity }) => (ruled.has(check) && unchanged.has(identity.id) ? 'rules' : 'report');
}

function digestIn({ checks }: Findings, check: string): string | undefined {
  return Object.hasOwn(checks, check) ? checks[check] : undefined;
}

/** Open before, and neither verdict nor severity moved: nothing to tell but that it is still there. */
export function isSameWeight(before: OpenFinding | undefined, after: OpenFinding): boolean {
  return before?.status === after.status && before.severity === after.severity;
}
