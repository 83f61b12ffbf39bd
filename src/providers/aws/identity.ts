import type { Clock } from '../../domain/clock.ts';
import type { Instant } from '../../domain/instant.ts';
import { CallerAnswer } from './answers.ts';
import type { Ask, Caller } from './call.ts';

const IDENTITY_KEPT_MS = 60 * 60_000;

export interface Identity {
  readonly accountId: string;
  readonly principal: string;
}

interface IdentifierParts {
  /** GetCallerIdentity. */
  readonly send: Ask<CallerAnswer>['send'];
  readonly caller: Caller;
  readonly clock: Clock;
}

/** Asked again when other credentials are in use, and every hour. */
export function identifier({ send, caller, clock }: IdentifierParts): (signal: AbortSignal) => Promise<Identity> {
  let known: { readonly identity: Identity; readonly accessKeyId: string; readonly until: Instant } | undefined;
  return async (signal) => {
    const action = 'sts:GetCallerIdentity';
    const accessKeyId = await caller.accessKeyId({ action, signal });
    if (known?.accessKeyId === accessKeyId && clock.now() < known.until) return known.identity;
    const { Account, Arn } = await caller.call({
      action,
      answer: CallerAnswer,
      signal,
      send,
    });
    const identity = { accountId: Account, principal: Arn };
    caller.principal = Arn;
    known = { identity, accessKeyId, until: clock.now() + IDENTITY_KEPT_MS };
    return identity;
  };
}
