import type { Clock } from '../../../domain/clock.ts';
import { Fault } from '../../../domain/fault.ts';
import { fullJitterMs } from '../../../kit/backoff.ts';
import { codeBehind, isNotAllowed } from '../faults.ts';
import type { Desk } from './desk.ts';

const MOST_THROTTLED = 6;
const MOST_FAILED = 2;
const PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 15_000;
const OUT_AFTER = 5;

/** The answer, or the code by which the cloud refused it. */
export type Told<T> = { readonly told: T } | { readonly refused: string; readonly fault: Fault };

/** Asks for one report: in turn for each action, and again after a pause where that may help. */
export interface Asker {
  readonly desk: Desk;
  readonly signal: AbortSignal;
  /** Throws what is not an answer of Tencent's (no network, wrong credentials, throttled for long), for then no other call would fare better. */
  ask<T>(action: string, call: () => Promise<T>): Promise<Told<T>>;
  /** As ask(), and does not ask again what was denied, or failed for one after the other. For what the report can do without. */
  askIfUseful<T>(action: string, call: () => Promise<T>): Promise<Told<T>>;
}

export function askerOf(desk: Desk, clock: Clock, signal: AbortSignal): Asker {
  const failures = new Map<string, { readonly refused: string; readonly fault: Fault; readonly times: number }>();

  async function ask<T>(action: string, call: () => Promise<T>): Promise<Told<T>> {
    for (let throttled = 0, failed = 0; ; ) {
      await desk.pace(action)(signal);
      try {
        return { told: await call() };
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof Fault)) throw error;
        if (error.kind === 'throttled') throttled += 1;
        else if (error.kind === 'unreachable') failed += 1;
        else return refusal(error);
        if (failed > MOST_FAILED) return refusal(error);
        if (throttled > MOST_THROTTLED) throw error;
        const pauseMs = error.retryAfterMs ?? fullJitterMs(throttled + failed, PAUSE_MS, LONGEST_PAUSE_MS);
        await clock.sleepUntil(clock.now() + pauseMs, signal);
      }
    }
  }

  async function askIfUseful<T>(action: string, call: () => Promise<T>): Promise<Told<T>> {
    const earlier = failures.get(action);
    if (earlier !== undefined && (isNotAllowed(earlier.refused) || earlier.times >= OUT_AFTER)) return earlier;
    const told = await ask(action, call);
    if ('told' in told) failures.delete(action);
    else if (isNotAllowed(told.refused) || told.fault.kind === 'unreachable') {
      failures.set(action, { ...told, times: (failures.get(action)?.times ?? 0) + 1 });
    }
    return told;
  }

  return { desk, signal, ask, askIfUseful };
}

/** Only what Tencent itself said of this very call is a refusal of it. */
function refusal(fault: Fault): { readonly refused: string; readonly fault: Fault } {
  const code = codeBehind(fault);
  if (code === undefined) throw fault;
  if (code.startsWith('AuthFailure.') && !isNotAllowed(code)) throw fault;
  return { refused: code, fault };
}

export function insist<T>(told: Told<T>): T {
  if ('refused' in told) throw told.fault;
  return told.told;
}
