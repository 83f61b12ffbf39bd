import { Fault } from '../domain/fault.ts';

/** What is amiss with this call, or nothing. Where something that we need could not be asked, nothing is known, and that is thrown. */
export async function problemOf(isNeeded: boolean, call: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await call();
    return undefined;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    if (isNeeded && (error.kind === 'unreachable' || error.kind === 'throttled')) throw error;
    return error.message;
  }
}
