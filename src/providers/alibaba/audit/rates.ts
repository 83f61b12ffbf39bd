/** RAM takes 100 calls of an operation in a second from one account, whoever calls; a few are left to others. */
const RAM_PER_SECOND = 95;
/** ActionTrail takes 50 of each operation about a key, and 10 that look events up. */
const KEYS_PER_SECOND = 45;
const LOOK_UPS_PER_SECOND = 9;

export interface Rate {
  readonly perSecond: number;
  /** The cloud's own count is near: then no second may see more. */
  readonly isStrict: boolean;
}

/**
 * What one audit of an account may ask, by operation: the credential report's share of RAM and the other audit's share are left to them, for
 * they may run at the same time in another process.
 */
export function rateOf(
  operation: string,
  { maxRps, audits }: { readonly maxRps: number; readonly audits: number },
): Rate {
  if (operation === 'actiontrail:LookupEvents') return { perSecond: LOOK_UPS_PER_SECOND, isStrict: true };
  if (operation.startsWith('actiontrail:')) return { perSecond: Math.floor(KEYS_PER_SECOND / audits), isStrict: true };
  return { perSecond: Math.min(maxRps, Math.max(1, (RAM_PER_SECOND - maxRps) / audits)), isStrict: false };
}
