import type { Instant } from '../../domain/instant.ts';
import { AlibabaError } from './alibaba-error.ts';

/** Calls in a second that the cloud takes for one account, whoever calls. */
const PER_SECOND: ReadonlyMap<string, number> = new Map([
  ['ims ListUsers', 450],
  ['ims GetUserMFAInfo', 700],
  ['sts AssumeRole', 100],
  ['actiontrail GetAccessKeyLastUsedInfo', 50],
  ['actiontrail GetAccessKeyLastUsedProducts', 50],
  ['actiontrail GetAccessKeyLastUsedEvents', 50],
  ['actiontrail GetAccessKeyLastUsedIps', 50],
  ['actiontrail GetAccessKeyLastUsedResources', 50],
  ['actiontrail LookupEvents', 10],
]);
const OTHERS_PER_SECOND = 100;

/** Counts calls by account and action in each second of simulated time. */
export type Quotas = (call: { readonly account: string; readonly service: string; readonly action: string }) => void;

export function createQuotas(now: () => Instant): Quotas {
  const counts = new Map<string, { second: number; calls: number }>();
  return ({ account, service, action }) => {
    const at = now();
    const second = Math.floor(at / 1_000);
    const name = `${service} ${action}`;
    const count = counts.get(`${account} ${name}`);
    if (count === undefined || count.second !== second) {
      counts.set(`${account} ${name}`, { second, calls: 1 });
      return;
    }
    count.calls += 1;
    if (count.calls > (PER_SECOND.get(name) ?? OTHERS_PER_SECOND)) throw throttled((second + 1) * 1_000 - at);
  };
}

export function throttled(retryAfterMs = 1_000): AlibabaError {
  return new AlibabaError(400, 'Throttling.User', 'Request was denied due to user flow control.', {
    'x-acs-retry-after': String(Math.ceil(retryAfterMs)),
  });
}
