/** Exponential with full jitter and a cap: attempt 1 waits at most `baseMs`. */
export function fullJitterMs(attempt: number, baseMs: number, capMs: number): number {
  const ceiling = Math.min(capMs, baseMs * 2 ** Math.min(30, Math.max(0, attempt - 1)));
  return Math.ceil(ceiling * (0.1 + 0.9 * Math.random()));
}
