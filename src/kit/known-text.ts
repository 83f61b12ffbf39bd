import { Fault } from '../domain/fault.ts';
import type { Secret } from './secret.ts';

/** What a secret was when it was last read; undefined where the place that keeps it has not told yet. */
export function knownText(secret: Secret): string | undefined {
  try {
    return secret.reveal();
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}
