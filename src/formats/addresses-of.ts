import type { Event } from '../domain/event.ts';
import { networkOf } from '../kit/network-of.ts';

/** The IP addresses that an access key was newly used from; callers of another kind are none. */
export function addressesOf({ after }: Event): readonly string[] {
  const addresses: unknown = after?.['addresses'];
  if (!Array.isArray(addresses)) return [];
  return addresses.filter((one): one is string => typeof one === 'string' && networkOf(one) !== undefined);
}
