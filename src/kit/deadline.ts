import { setMaxListeners } from 'node:events';
import { untilAborted } from './turns.ts';

/** Gives the work so many real milliseconds: later it rejects with a TimeoutError, or with the signal's reason when that fires first. */
export async function withDeadline<T>(
  signal: AbortSignal,
  ms: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const control = new AbortController();
  const onAbort = () => control.abort(signal.reason);
  setMaxListeners(0, signal); // many work on one signal, and Node would call that a leak on stderr
  signal.addEventListener('abort', onAbort, { once: true });
  const timer = setTimeout(() => control.abort(new DOMException(`no answer in ${ms} ms`, 'TimeoutError')), ms);
  try {
    return await untilAborted(control.signal, work(control.signal));
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}
