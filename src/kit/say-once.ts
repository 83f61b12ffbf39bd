import type { Observe } from '../domain/happening.ts';
import type { SourceName } from '../domain/names.ts';

/** Who says what is amiss with a source. */
export interface Sayer {
  readonly source: SourceName;
  readonly observe: Observe;
  /** What is amiss now and was already said. */
  readonly said: Set<string>;
}

/** Says once that something is missing, and once more only after it was there again. */
export function sayMissing(what: string, why: string, { source, observe, said }: Sayer): void {
  if (said.has(what)) return;
  said.add(what);
  observe({ kind: 'degraded', source, what: `${what}: ${why}` });
}

export function sayThere(what: string, { said }: Sayer): void {
  said.delete(what);
}
