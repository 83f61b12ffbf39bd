import { Fault } from '../../../domain/fault.ts';
import type { Instant } from '../../../domain/instant.ts';
import { insistOnTime, nextLookAt, pollDelayMs } from '../../../kit/polling.ts';
import { sayMissing, sayThere } from '../../../kit/say-once.ts';
import type { Look, Step } from '../../provider.ts';
import type { GenerateAnswer } from '../answers.ts';
import type { ReportApi } from '../api.ts';
import { isOfStaleCredentials, isRefusal } from '../faults.ts';
import type { Desk } from './desk.ts';
import { gather } from './gather.ts';
import { MOST_USERS } from './kind.ts';
import { countUsers } from './lists.ts';
import { type StoredReport, storedReport } from './pages.ts';
import { begun, readState, type State } from './state.ts';
import { synthesise } from './synthesise.ts';

const MOST_TIMES_GONE = 5;

type Fetched = Extract<StoredReport, { is: 'report' }>;

/**
 * One step towards a newer report. The cloud keeps a single report and makes a new one at most every four hours:
 *
 *   nothing begun ─► how many users? ── more than 3,500 ─► put it together ourselves (synthesise.ts)
 *        └─ no head ─► Get ── fresh ─► keep
 *                       └─ else ─► Generate
 *   due, or begun ─► Generate ── STARTED, INPROGRESS ─► wait, then Generate again
 *                       └─ COMPLETED ─► Get, page by page ── newer than the head ─► keep
 *                                          ├─ the head's, or older ─► unchanged
 *                                          └─ none, or torn between two pages ─► wait, then Generate again, a few times
 */
export async function collect(api: ReportApi, desk: Desk, look: Look): Promise<Step> {
  const now = look.clock.now();
  const state = readState(look.state, now);
  if (state?.step === 'synthesising') return putTogether(state, api, desk, look);
  if (state === undefined) {
    if ((await isTooLarge(api, desk, look)) === true) return putTogether(begun(now, 'synthesising'), api, desk, look);
    if (look.head === undefined) {
      const stored = await storedReport(api, desk, look.signal);
      if (stored.is === 'report' && stored.generatedAt + look.everyMs > now) return keep(stored, [], api, desk, look);
    }
  }
  return generate(state ?? begun(now), api, desk, look);
}

/** Without the permission we learn it when the cloud refuses to make a report. */
async function isTooLarge(api: ReportApi, desk: Desk, look: Look): Promise<boolean | 'not told'> {
  const what = 'whether the account has more users than the cloud makes a report for is not to be had';
  try {
    const users = await countUsers(api, look.signal);
    sayThere(what, desk);
    return users > MOST_USERS;
  } catch (error) {
    look.signal.throwIfAborted();
    if (!(error instanceof Fault) || isOfStaleCredentials(error)) throw error;
    if (error.kind !== 'denied' && error.kind !== 'misconfigured') throw error;
    sayMissing(what, error.message, desk);
    return 'not told';
  }
}

async function generate(state: State, api: ReportApi, desk: Desk, look: Look): Promise<Step> {
  const answer = await generateOrLearn(api, desk, look);
  if (answer === 'too large') return putTogether(begun(look.clock.now(), 'synthesising'), api, desk, look);
  if (answer.state !== 'COMPLETED') {
    // Only after asking: the wait may have slept in the queue, and what was begun may be there by now.
    insistOnTime(
      `account ${desk.accountId}: Alibaba Cloud has not finished the credential report`,
      state.since,
      look.clock.now(),
    );
    return wait(state, look, 'Alibaba Cloud is making a report');
  }
  return fetch(state, answer.requestId === undefined ? [] : [answer.requestId], api, desk, look);
}

/** Users may have come since we counted. The code for that is not documented. */
async function generateOrLearn(api: ReportApi, desk: Desk, look: Look): Promise<GenerateAnswer | 'too large'> {
  try {
    return await api.generate(look.signal);
  } catch (fault) {
    look.signal.throwIfAborted();
    const mayBeTooLarge = fault instanceof Fault && fault.kind === 'misconfigured' && isRefusal(fault);
    if (!mayBeTooLarge) throw fault;
    const isLarge = await isTooLarge(api, desk, look);
    if (isLarge === true) return 'too large';
    if (isLarge === false) throw fault;
    const what = `${fault.message}, perhaps because there are more than 3,500 users`;
    throw new Fault('denied', `${what}; allow ram:GetAccountSummary on *, so that they can be counted`, {
      cause: fault,
    });
  }
}

async function fetch(
  state: State,
  requestIds: readonly string[],
  api: ReportApi,
  desk: Desk,
  look: Look,
): Promise<Step> {
  const stored = await storedReport(api, desk, look.signal);
  if (stored.is === 'report') {
    const isNews = look.head === undefined || stored.generatedAt > look.head.generatedAt;
    return isNews ? keep(stored, requestIds, api, desk, look) : unchanged(stored.generatedAt, look);
  }
  if (state.gone < MOST_TIMES_GONE) {
    const why = stored.is === 'torn' ? 'a new report came while one was read' : 'Alibaba Cloud has lost the report';
    return wait({ ...state, gone: state.gone + 1 }, look, why);
  }
  const what = stored.is === 'torn' ? 'changes while it is read' : 'is said to be complete, but there is none';
  throw new Fault('unreachable', `account ${desk.accountId}: the credential report ${what}, ${MOST_TIMES_GONE} times`);
}

async function keep(
  stored: Fetched,
  requestIds: readonly string[],
  api: ReportApi,
  desk: Desk,
  look: Look,
): Promise<Step> {
  const collectedAt = look.clock.now();
  const gathered = await gather(stored.bytes, api, desk, look);
  return {
    do: 'keep',
    report: {
      generatedAt: stored.generatedAt,
      collectedAt,
      origin: 'provider',
      requestIds: [...requestIds, ...stored.requestIds],
      ...gathered,
    },
  };
}

async function putTogether(state: State, api: ReportApi, desk: Desk, look: Look): Promise<Step> {
  const attempt = await look.attempt();
  const { startedAt } = attempt;
  // Somebody else has finished what this attempt was for.
  if (look.head !== undefined && startedAt <= look.head.generatedAt) return unchanged(look.head.generatedAt, look);
  const report = await synthesise(attempt, api, desk, look);
  if (report !== 'more') return { do: 'keep', report };
  const until = look.clock.now() + Math.min(1_000, look.everyMs / 8);
  return {
    do: 'wait',
    until,
    state: { ...state, polls: Math.min(state.polls + 1, 9_999) },
    why: 'asking user by user',
  };
}

function wait(state: State, look: Look, why: string): Step {
  const until = look.clock.now() + pollDelayMs(state.polls, look.everyMs);
  return { do: 'wait', until, state: { ...state, polls: state.polls + 1 }, why };
}

function unchanged(generatedAt: Instant, look: Look): Step {
  return { do: 'unchanged', generatedAt, nextAt: nextLookAt(generatedAt, look.everyMs, look.clock.now()) };
}
