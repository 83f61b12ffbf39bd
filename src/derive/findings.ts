import type { Event, EventCheck } from '../domain/event.ts';
import type { Findings, OpenFinding } from '../domain/finding.ts';
import type { Severity } from '../domain/rules.ts';
import { everyCheck, ruleOf } from './checks/registry.ts';
import { quoted, who } from './message.ts';
import type { Pair } from './pair.ts';
import { eventOf } from './pair.ts';

type FindingType = 'finding.opened' | 'finding.closed' | 'finding.baseline';
type Cause = 'report' | 'rules' | 'baseline';

/** One step of what is open: folding all of a source's steps gives what the newest report kept, and nothing else. */
interface Step {
  readonly type: FindingType;
  readonly finding: OpenFinding;
  /** The same finding as it was, when it stays open and weighs or reads otherwise. */
  readonly was?: OpenFinding;
  readonly cause: Cause;
}

/** Whose record changed between two reports. */
export interface Compared {
  readonly rows: readonly {
    readonly changed: boolean;
    readonly record: { readonly identity: { readonly id: string } };
  }[];
}

/** What an event says of an open finding beside its verdict. */
type Detail = (finding: OpenFinding) => Readonly<Record<string, unknown>>;

/** The difference of two findings parts. Judges nothing: that was done once, at collection. */
export function findingEvents(pair: Pair, comparison: Compared, detailOf: Detail = () => ({})): readonly Event[] {
  return differenceOf(pair, comparison).map((step) => findingEvent(pair, step, detailOf));
}

function differenceOf(pair: Pair, comparison: Compared): readonly Step[] {
  const { previous, current } = pair;
  if (previous === undefined) return current.findings.open.map(baselineOf);
  const causeOf = causes(previous.findings, current.findings, comparison);
  return stepsOf(previous.findings, current.findings, causeOf);
}

function baselineOf(finding: OpenFinding): Step {
  return { type: 'finding.baseline', finding, cause: 'baseline' };
}

function stepsOf(before: Findings, after: Findings, causeOf: (finding: OpenFinding) => Cause): readonly Step[] {
  const old = new Map(before.open.map((finding) => [finding.id, finding]));
  const steps: Step[] = [];
  for (const finding of after.open) {
    const was = old.get(finding.id);
    old.delete(finding.id);
    if (was === undefined && !Object.hasOwn(before.checks, finding.check)) steps.push(baselineOf(finding));
    else if (was === undefined) steps.push({ type: 'finding.opened', finding, cause: causeOf(finding) });
    else if (was.status !== finding.status || was.severity !== finding.severity) {
      steps.push({ type: 'finding.opened', finding, was, cause: causeOf(finding) });
    }
  }
  for (const finding of old.values()) steps.push({ type: 'finding.closed', finding, cause: causeOf(finding) });
  return steps;
}

/** `rules` only when the check's rule changed (or it was switched off) and the identity did not. */
function causes(before: Findings, after: Findings, { rows }: Compared): (finding: OpenFinding) => Cause {
  const isSameRule = (check: string) => digestIn(before, check) === digestIn(after, check);
  const hasNewRules = [...before.open, ...after.open].some(({ check }) => !isSameRule(check));
  if (!hasNewRules) return () => 'report';
  const idOf = ({ record }: Compared['rows'][number]) => record.identity.id;
  const unchanged = new Set(rows.filter((row) => !row.changed).map(idOf));
  for (const row of rows) if (row.changed) unchanged.delete(idOf(row));
  return ({ check, identity }) => (!isSameRule(check) && unchanged.has(identity.id) ? 'rules' : 'report');
}

function digestIn({ checks }: Findings, check: string): string | undefined {
  return Object.hasOwn(checks, check) ? checks[check] : undefined;
}

const CHECKS = new Map(everyCheck.map((check) => [check.id, check]));
const VERBS: Readonly<Record<FindingType, string>> = {
  'finding.opened': 'opened',
  'finding.closed': 'closed',
  'finding.baseline': 'open',
};

function findingEvent(pair: Pair, { type, finding, was, cause }: Step, detailOf: Detail): Event {
  const { identity, credential, policy } = finding;
  const isOpen = type !== 'finding.closed';
  const check = checkOf(pair, finding.check);
  const name = credential?.id ?? policy;
  const about = name === undefined ? '' : ` (${quoted(name)})`;
  return eventOf(pair, {
    kind: 'finding',
    facts: { type, identity: [finding.id] },
    severity: isOpen ? finding.severity : 'informational',
    message: `finding ${VERBS[type]} for ${who(identity)} in ${quoted(pair.account.name)}${about}: ${check.title}`,
    identity,
    ...(credential === undefined ? {} : { credential }),
    ...(was === undefined ? {} : { before: weightOf(was), after: weightOf(finding) }),
    check,
    finding_id: finding.id,
    status: isOpen ? 'open' : 'closed',
    cause,
    data: {
      verdict: finding.status,
      since: finding.since,
      ...(policy === undefined ? {} : { policy }),
      ...(isOpen ? detailOf(finding) : {}),
      window: pair.window,
    },
  });
}

/** What the check says, with the severity of the rule in force and the names that it has for this cloud. */
function checkOf({ current, account }: Pair, id: string): EventCheck {
  const check = CHECKS.get(id);
  if (check === undefined) return { id, title: id };
  const { title, remediation } = check;
  const controls = check.controls[account.provider];
  const { severity } = ruleOf(current.context.rules, check);
  return { id, title, severity, remediation, ...(controls === undefined ? {} : { controls }) };
}

function weightOf({ status, severity }: OpenFinding): { readonly verdict: string; readonly severity: Severity } {
  return { verdict: status, severity };
}
