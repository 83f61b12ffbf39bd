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

/** Asks CloudTrail region by region. Where a region refuses, it is not asked again for this report, and why is told. */
export interface RegionAsker {
  ask<T>(region: string, call: () => Promise<T>): Promise<{ readonly told: T } | { readonly why: string }>;
  readonly closed: ReadonlyMap<string, string>;
}

export function regionAskerOf(work: Work): RegionAsker {
  const { desk, clock, signal } = work;
  const closed = new Map<string, string>();
  return {
    closed,
    async ask(region, call) {
      const known = closed.get(region);
      if (known !== undefined) return { why: known };
      const budget = desk.trail.get(region) ?? quotaOf(PER_SECOND, clock);
      desk.trail.set(region, budget);
      work.shift.begin();
      try {
        return { told: await askerOf(budget, clock, signal, isOfExpired)(call) };
      } catch (error) {
        signal.throwIfAborted();
        const why = refusalOf(error, region);
        closed.set(region, why);
        return { why };
      }
    },
  };
}

/** In words; what is no region's own trouble is thrown. */
function refusalOf(error: unknown, region: string): string {
  if (!(error instanceof Fault) || error.kind === 'throttled') throw error;
  const code = codeBehind(error);
  if (code !== undefined && NOT_ENABLED.has(code)) return `${region} is not enabled for this account (${code})`;
  if (error.kind === 'unreachable') return `CloudTrail in ${region} gave no answer`;
  if (code === undefined || isOfExpired(error)) throw error;
  if (error.kind === 'denied') return `cloudtrail:LookupEvents is denied in ${region} (${code})`;
  return `CloudTrail in ${region} refused to look events up (${code})`;
}
