import type { Derived, Event, EventCheck } from '../domain/event.ts';
import { type FindingType } from '../domain/event-types.ts';
import type { OpenFinding } from '../domain/finding.ts';
import type { Severity } from '../domain/rules.ts';
import { everyCheck, ruleOf } from './checks/registry.ts';
import { EarlierFindings } from './earlier-findings.ts';
import { type Compared, findingSteps, isSameWeight, type Step } from './finding-steps.ts';
import { quoted, who } from './message.ts';
import type { Pair } from './pair.ts';
import { eventOf, isFirstOfDay } from './pair.ts';

/** What an event says of an open finding beside its verdict. */
type Detail = (finding: OpenFinding) => Readonly<Record<string, unknown>>;

const NO_DETAIL: Detail = () => ({});

/** What opened and closed. Judges nothing: that was done once, at collection. */
export function findingEvents(pair: Pair, comparison: Compared, detailOf = NO_DETAIL): readonly Derived[] {
  const { previous, current } = pair;
  const steps = findingSteps(previous?.findings, current.findings, comparison);
  return steps.map((step) => new Told(pair, step, detailOf, true));
}

/** With the first report of a day, what is open and was open before: the events of that day add up to all that is open, without those of earlier days. */
export function openFindings(pair: Pair, detailOf = NO_DETAIL): readonly Derived[] {
  const { previous, current } = pair;
  if (previous === undefined || !isFirstOfDay(pair)) return [];
  const before = new EarlierFindings(previous.findings.open);
  const stays = current.findings.open.filter((finding) => isSameWeight(before.take(finding.id), finding));
  return stays.map((finding) => new Told(pair, { type: 'finding.open', finding, cause: 'report' }, detailOf, false));
}

/** Made anew each time it is asked for, like inventory: with the first report there is one for all that is open. */
class Told implements Derived {
  readonly kind = 'finding';
  readonly changed: boolean;
  readonly daily = true;
  readonly #pair: Pair;
  readonly #step: Step;
  readonly #detailOf: Detail;

  constructor(pair: Pair, step: Step, detailOf: Detail, changed: boolean) {
    this.#pair = pair;
    this.#step = step;
    this.#detailOf = detailOf;
    this.changed = changed;
  }

  get event(): Event {
    return findingEvent(this.#pair, this.#step, this.#detailOf);
  }
}

const CHECKS = new Map(everyCheck.map((check) => [check.id, check]));
const VERBS: Readonly<Record<FindingType, string>> = {
  'finding.opened': 'opened',
  'finding.closed': 'closed',
  'finding.baseline': 'open',
  'finding.open': 'still open',
};

function findingEvent(pair: Pair, step: Step, detailOf: Detail): Event {
  const { type, finding, was, cause, exception } = step;
  const { identity, credential, policy } = finding;
  const isOpen = type !== 'finding.closed';
  const check = checkOf(pair, finding.check);
  const name = credential?.id ?? policy;
  const about = name === undefined ? '' : ` (${quoted(name)})`;
  return eventOf(pair, {
    kind: 'finding',
    facts: { type, identity: [finding.id] },
    severity: isOpen ? finding.severity : 'informational',
    message: `finding ${VERBS[type]} for ${who(identity)} in ${quoted(pair.account.name)}${about}: ${check.title}${whyOf(step)}`,
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
      ...(exception === undefined ? {} : { exception }),
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

/** What an exception hides or a laxer rule passes is not mended, and what they let through is not new: the sentence says so. */
function whyOf({ type, cause, exception }: Step): string {
  if (cause === 'rules') return ' (the rule changed)';
  if (exception === undefined) return '';
  const { owner, until } = exception;
  return type === 'finding.closed'
    ? ` (excepted by ${quoted(owner)} until ${until})`
    : ` (no longer excepted by ${quoted(owner)})`;
}
