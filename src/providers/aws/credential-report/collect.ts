import { Fault } from '../../../domain/fault.ts';
import type { Instant } from '../../../domain/instant.ts';
import { insistOnTime, nextLookAt, pollDelayMs } from '../../../kit/polling.ts';
import type { Look, Step } from '../../provider.ts';
import type { IamApi, StoredReport } from '../api.ts';
import type { Desk } from './desk.ts';
import { gather } from './gather.ts';
import { begun, readState, type State } from './state.ts';

const MOST_TIMES_GONE = 5;

type Fetched = Extract<StoredReport, { is: 'report' }>;

/**
 * One step towards a newer report. AWS keeps a single report and makes a new one at most every four hours:
 *
 *   no head, nothing begun ─► Get ── fresh ─► keep
 *                              └─ else ─► Generate
 *   due, or begun ─► Generate ── STARTED, INPROGRESS ─► wait, then Generate again
 *                       └─ COMPLETE ─► Get ── newer than the head ─► keep
 *                                       ├─ the head's, or older ─► unchanged
 *                                       ├─ not ready ─► wait
 *                                       └─ not present, expired ─► wait, then Generate again, a few times
 */
export async function collect(api: IamApi, desk: Desk, look: Look): Promise<Step> {
  const now = look.clock.now();
  const state = readState(look.state, now);
  if (look.head === undefined && state === undefined) {
    const stored = await api.report(look.signal);
    if (stored.is === 'not-ready') return wait(begun(now), look, 'AWS is making a report');
    if (stored.is === 'report' && stored.generatedAt + look.everyMs > now) return keep(stored, [], api, desk, look);
  }
  return generate(state ?? begun(now), api, desk, look);
}

async function generate(state: State, api: IamApi, desk: Desk, look: Look): Promise<Step> {
  const answer = await api.generate(look.signal);
  if (answer.State !== 'COMPLETE') {
    // Only after asking: the wait may have slept in the queue, and what was begun may be there by now.
    insistOnTime(
      `account ${desk.accountId}: AWS has not finished the credential report`,
      state.since,
      look.clock.now(),
    );
    return wait(state, look, 'AWS is making a report');
  }
  const requestId = answer.$metadata.requestId;
  return fetch(state, requestId === undefined ? [] : [requestId], api, desk, look);
}

async function fetch(state: State, requestIds: readonly string[], api: IamApi, desk: Desk, look: Look): Promise<Step> {
  const stored = await api.report(look.signal);
  switch (stored.is) {
    case 'report':
      return isNews(stored, look) ? keep(stored, requestIds, api, desk, look) : unchanged(stored.generatedAt, look);
    case 'not-ready':
      return wait(state, look, 'AWS is making a report');
    case 'not-present':
    case 'expired':
      if (state.gone < MOST_TIMES_GONE)
        return wait({ ...state, gone: state.gone + 1 }, look, 'AWS has lost the report');
      throw new Fault(
        'unreachable',
        `account ${desk.accountId}: AWS says that the credential report is complete, but has none (${stored.is})`,
      );
  }
}

function isNews(stored: Fetched, look: Look): boolean {
  return look.head === undefined || stored.generatedAt > look.head.generatedAt;
}

async function keep(
  stored: Fetched,
  requestIds: readonly string[],
  api: IamApi,
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
      requestIds: stored.requestId === undefined ? requestIds : [...requestIds, stored.requestId],
      ...gathered,
    },
  };
}

function wait(state: State, look: Look, why: string): Step {
  const until = look.clock.now() + pollDelayMs(state.polls, look.everyMs);
  return { do: 'wait', until, state: { ...state, polls: state.polls + 1 }, why };
}

function unchanged(generatedAt: Instant, look: Look): Step {
  return { do: 'unchanged', generatedAt, nextAt: nextLookAt(generatedAt, look.everyMs, look.clock.now()) };
}
