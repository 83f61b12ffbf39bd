export interface AbortedLater {
  readonly signal: AbortSignal;
  /** No longer wanted: leaves no listener behind. */
  release(): void;
}

/** Aborts with the signal's reason, but only `ms` after it: what is under way gets that long to end. */
export function abortedLater(signal: AbortSignal, ms: number): AbortedLater {
  const later = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const abort = () => {
    timer = setTimeout(() => later.abort(signal.reason), ms);
  };
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  return {
    signal: later.signal,
    release: () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    },
  };
}
