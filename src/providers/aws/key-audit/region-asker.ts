import { z } from 'zod';
import { Fault } from '../../../domain/fault.ts';
import { askerOf, quotaOf } from '../../../kit/call-budget.ts';
import type { Work } from '../audit/desk.ts';
import { codeBehind, isOfExpired } from '../faults.ts';

/** AWS: two requests a second for each account and region. */
const PER_SECOND = 2;

/** Good credentials are called that in a region that the account has not enabled. */
const NOT_ENABLED = new Set([
  'AuthFailure',
  'InvalidClientTokenId',
  'OptInRequired',
  'SubscriptionRequiredException',
  'UnrecognizedClientException',
]);

const Closed = z.object({ why: z.string() });
type Closed = z.infer<typeof Closed>;

/** Asks CloudTrail region by region. Where a region refuses, it is not asked again for this report, and why is told. */
export interface RegionAsker {
  ask<T>(region: string, call: () => Promise<T>): Promise<{ readonly told: T } | Closed>;
}

export function regionAskerOf(work: Work): RegionAsker {
  const { desk, clock, signal, pages } = work;
  const silent = new Map<string, Closed>();
  return {
    async ask(region, call) {
      const name = `closed-${region}`;
      const closed = silent.get(region) ?? (await pages.find(name, Closed));
      if (closed !== undefined) return closed;
      const budget = desk.trail.get(region) ?? quotaOf(PER_SECOND, clock);
      desk.trail.set(region, budget);
      work.shift.begin();
      try {
        return { told: await askerOf(budget, clock, signal, isOfExpired)(call) };
      } catch (error) {
        signal.throwIfAborted();
        const { why, mayPass } = refusalOf(error, region);
        if (!mayPass) return pages.take(name, Closed, async () => ({ why }));
        silent.set(region, { why });
        return { why };
      }
    },
  };
}

interface Refusal {
  readonly why: string;
  /** It may answer in the next shift. */
  readonly mayPass: boolean;
}

/** In words; what is no region's own trouble is thrown. */
function refusalOf(error: unknown, region: string): Refusal {
  if (!(error instanceof Fault) || error.kind === 'throttled') throw error;
  const code = codeBehind(error);
  if (code !== undefined && NOT_ENABLED.has(code))
    return lasting(`${region} is not enabled for this account (${code})`);
  if (error.kind === 'unreachable') return { why: `CloudTrail in ${region} gave no answer`, mayPass: true };
  if (code === undefined || isOfExpired(error)) throw error;
  if (error.kind === 'denied') return lasting(`cloudtrail:LookupEvents is denied in ${region} (${code})`);
  return lasting(`CloudTrail in ${region} refused to look events up (${code})`);
}

function lasting(why: string): Refusal {
  return { why, mayPass: false };
}
