import type { HeldReport } from './politeness-home.ts';

const HOUR_MS = 3_600_000;
const WINDOW_MS = 4 * HOUR_MS;
/** In the machine's time, which a sped-up clock cannot shorten. */
const SLACK = {
  /** After a worker's death its jobs are taken over: a report that was finished so shortly before the end may still come. */
  inFlightMs: 8_000,
  /** A call is noted when it was answered, which may be after the report that it began was finished. */
  notedLateMs: 200,
  /** From a worker's look at the head to its call: the first call of a process loads the SDK and assumes a role. */
  raceMs: 2_000,
  /** The clocks of two processes agree as well as this. */
  blurMs: 3,
};

/** What the simulator saw and what the archive holds; all times are the cloud's. */
export interface Evidence {
  readonly began: number;
  readonly ended: number;
  /** Of the cloud's time, in the machine's. */
  readonly rate: number;
  readonly accounts: readonly string[];
  readonly calls: readonly SeenCall[];
  readonly built: readonly { readonly account: string; readonly generatedAt: number; readonly sha256: string }[];
  readonly held: readonly HeldReport[];
  /** When a manifest was there, in the cloud's time. */
  readonly heldAt: (report: HeldReport) => number;
}

export interface SeenCall {
  readonly at: string;
  readonly action: string;
  readonly account: string | undefined;
  readonly answer: { readonly status: number; readonly state?: string };
}

export interface Audit {
  readonly started: number;
  /** STARTED inside the window of the report before. */
  readonly earlyStarted: number;
  /** STARTED while one was being made. */
  readonly doubleStarted: number;
  /** Generate calls before the window was over, for a report that the archive already held; races are counted apart. */
  readonly early: number;
  readonly earliestMs: number;
  /** The same by a worker that was already on its way when another brought the report: after a kill or a flush. */
  readonly raced: number;
  readonly missedWindows: number;
  readonly neverHeld: number;
  /** Gaps in the numbers, times that do not rise, bytes that are not the cloud's. */
  readonly broken: readonly string[];
  readonly reports: number;
  readonly meanAgeHours: number;
  /** Milliseconds between the end of a window and the next report, sorted. */
  readonly lateness: readonly number[];
  readonly reportCalls: number;
  readonly callsByAction: ReadonlyMap<string, number>;
}

/** A reader of its own: it shares nothing with Muster but the names of the files. */
export function audit(evidence: Evidence): Audit {
  const one = evidence.accounts.map((account) => auditAccount(account, evidence));
  const sum = (pick: (account: AccountAudit) => number) => one.reduce((total, account) => total + pick(account), 0);
  const callsByAction = countActions(evidence.calls);
  return {
    started: sum(({ started }) => started),
    earlyStarted: sum(({ earlyStarted }) => earlyStarted),
    doubleStarted: sum(({ doubleStarted }) => doubleStarted),
    early: sum(({ early }) => early.length),
    raced: sum(({ raced }) => raced),
    earliestMs: Math.max(0, ...one.flatMap(({ early }) => early)),
    missedWindows: sum(({ missed }) => missed),
    neverHeld: sum(({ neverHeld }) => neverHeld),
    broken: one.flatMap(({ broken }) => broken),
    reports: evidence.held.length,
    meanAgeHours:
      sum(({ ageMs }) => ageMs) /
      Math.max(
        1,
        sum(({ heldMs }) => heldMs),
      ) /
      HOUR_MS,
    lateness: one.flatMap(({ lateness }) => lateness).toSorted((a, b) => a - b),
    reportCalls: (callsByAction.get('GenerateCredentialReport') ?? 0) + (callsByAction.get('GetCredentialReport') ?? 0),
    callsByAction,
  };
}

interface AccountAudit {
  readonly started: number;
  readonly earlyStarted: number;
  readonly doubleStarted: number;
  readonly early: readonly number[];
  readonly raced: number;
  readonly missed: number;
  readonly neverHeld: number;
  readonly broken: readonly string[];
  readonly lateness: readonly number[];
  readonly ageMs: number;
  readonly heldMs: number;
}

function auditAccount(account: string, evidence: Evidence): AccountAudit {
  const held = evidence.held.filter((report) => report.account === account);
  const built = evidence.built.filter((report) => report.account === account);
  const made = built.filter(({ generatedAt }) => generatedAt >= evidence.began);
  const generates = evidence.calls
    .filter((call) => call.account === account && call.action === 'GenerateCredentialReport')
    .map((call) => ({ at: Date.parse(call.at), state: call.answer.state }));
  const started = generates.filter(({ state }) => state === 'STARTED').map(({ at }) => at);
  const gaps = gapsOf(held, evidence);
  const early = earlyCalls(generates, held, evidence);
  const isRace = ({ heldForMs }: EarlyCall) => heldForMs < SLACK.raceMs * evidence.rate;
  return {
    started: started.length,
    earlyStarted: started.filter((at) => isTooEarly(at, built, evidence)).length,
    doubleStarted: Math.max(0, started.length - made.length - 1),
    early: early.filter((call) => !isRace(call)).map(({ byMs }) => byMs),
    raced: early.filter(isRace).length,
    missed: gaps.reduce((missed, gap) => missed + Math.max(0, Math.floor(gap / WINDOW_MS) - 1), 0),
    neverHeld: made.filter(
      ({ generatedAt }) =>
        isOver(generatedAt, made, evidence) && !held.some((report) => report.generatedAt === generatedAt),
    ).length,
    broken: brokenIn(account, held, built),
    lateness: gaps.slice(1, -1).map((gap) => gap - WINDOW_MS),
    ...ageOf(held, evidence),
  };
}

function isTooEarly(startedAt: number, built: Evidence['built'], { rate }: Evidence): boolean {
  return built.some(
    ({ generatedAt }) => generatedAt < startedAt - SLACK.notedLateMs * rate && isInside(startedAt, generatedAt),
  );
}

/** Too late to be fetched, or late enough that it should have been. */
function isOver(generatedAt: number, made: Evidence['built'], { ended, rate }: Evidence): boolean {
  return generatedAt < ended - SLACK.inFlightMs * rate || made.some((newer) => newer.generatedAt > generatedAt);
}

interface EarlyCall {
  readonly byMs: number;
  /** How long the report was held by then. */
  readonly heldForMs: number;
}

/** Calls before the end of the window of a report that was already held. */
function earlyCalls(
  generates: readonly { readonly at: number; readonly state: string | undefined }[],
  held: readonly HeldReport[],
  { heldAt, rate }: Evidence,
): readonly EarlyCall[] {
  return generates
    .filter(({ state }) => state === 'COMPLETE')
    .flatMap(({ at }) =>
      held
        .filter((report) => heldAt(report) < at && isInside(at, report.generatedAt))
        .map((report) => ({ byMs: report.generatedAt + WINDOW_MS - at, heldForMs: at - heldAt(report) })),
    )
    .filter(({ byMs }) => byMs > SLACK.blurMs * rate);
}

function isInside(at: number, generatedAt: number): boolean {
  return at >= generatedAt && at < generatedAt + WINDOW_MS;
}

/** From the beginning to the first report, from each to the next, and from the last to the end. */
function gapsOf(held: readonly HeldReport[], { began, ended }: Evidence): readonly number[] {
  const times = [began, ...held.map(({ generatedAt }) => generatedAt), ended];
  return times.slice(1).map((time, index) => time - (times[index] ?? began));
}

function brokenIn(account: string, held: readonly HeldReport[], built: Evidence['built']): readonly string[] {
  return held.flatMap(({ number, generatedAt, csvSha256 }, index) => {
    const previous = held[index - 1];
    const cloud = built.find((report) => report.generatedAt === generatedAt);
    return [
      ...(number === index + 1 ? [] : [`${account}: number ${number} stands in place ${index + 1}`]),
      ...(previous === undefined || generatedAt > previous.generatedAt ? [] : [`${account}: ${number} is not newer`]),
      ...(cloud?.sha256 === csvSha256 ? [] : [`${account}: ${number} is not what the cloud served`]),
    ];
  });
}

/** The age of what is held, from the first report on: its integral over time, and that time. */
function ageOf(held: readonly HeldReport[], { ended, heldAt }: Evidence): { ageMs: number; heldMs: number } {
  let ageMs = 0;
  let heldMs = 0;
  for (const [index, report] of held.entries()) {
    const next = held[index + 1];
    const from = heldAt(report);
    const to = next === undefined ? ended : heldAt(next);
    const span = Math.max(0, to - from);
    ageMs += span * ((from + to) / 2 - report.generatedAt);
    heldMs += span;
  }
  return { ageMs, heldMs };
}

function countActions(calls: Evidence['calls']): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { action } of calls) counts.set(action, (counts.get(action) ?? 0) + 1);
  return counts;
}
