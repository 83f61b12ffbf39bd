import { z } from 'zod';
import { Fault } from '../../../domain/fault.ts';
import { codeBehind, isOfStaleCredentials, isRefusal } from '../faults.ts';
import type { Work } from './desk.ts';

/** What Alibaba Cloud refused to tell, and the code by which it did. */
export const Refused = z.object({ refused: z.string() });
export type Refused = z.infer<typeof Refused>;

/** Codes that are about us, and not about what was asked. */
const CLOCK = /^(?:InvalidTimeStamp|IllegalTimestamp)/;

/** The answer, or the code by which the cloud refused this one. What is denied altogether is not asked again. */
export async function orRefused<T>(operation: string, work: Work, call: () => Promise<T>): Promise<T | Refused> {
  const known = work.denied.get(operation);
  if (known !== undefined) return { refused: known };
  try {
    return await work.ask(operation, call);
  } catch (error) {
    const code = codeBehind(error);
    if (!(error instanceof Fault) || code === undefined || !isRefusal(error)) throw error;
    if (isOfStaleCredentials(error) || CLOCK.test(code)) throw error;
    if (error.kind !== 'denied' && error.kind !== 'misconfigured') throw error;
    if (error.kind === 'denied') work.denied.set(operation, code);
    return { refused: code };
  }
}

export function isRefused(answer: unknown): answer is Refused {
  return typeof answer === 'object' && answer !== null && 'refused' in answer;
}

/** Says of a code whether it is about our permissions, and not about a key or a feature. */
export function isAboutPermission(code: string): boolean {
  return /^(?:NoPermission|Forbidden\.RAM|NotAuthorized|AccessDenied|ImplicitDeny|ExplicitDeny)/.test(code);
}
