import { formatInstant, type Instant } from '../domain/instant.ts';
import type { Allow } from './allow.ts';
import type { WireReply, WireRequest } from './wire.ts';

/** One simulated cloud beside AWS, as the server and the control plane see it. */
export interface SimulatedCloud {
  readonly name: string;
  /** Whether this call is meant for it. */
  takes(request: WireRequest): boolean;
  answer(request: WireRequest): Promise<WireReply>;
  has(accountId: string): boolean;
  /** One change of an account, as the control plane's JSON says it. */
  mutate(mutation: Readonly<Record<string, unknown>>): unknown;
  /** Something that was done, as the control plane's JSON says it: the event's id. */
  act(activity: Readonly<Record<string, unknown>>): string;
  /** All that was done in an account, as it truly was. */
  activityOf(accountId: string): readonly unknown[];
  /** What roles and users may do from now on, in one account or in all; resolves to how many were changed. */
  allow(account: string | undefined, principal: string, allow: Allow): number;
  /** Who is in its organisation, and how that is told, as the control plane's JSON says it. */
  changeOrganization(change: Readonly<Record<string, unknown>>): unknown;
  /** These bytes become the account's next report; undefined takes them back. */
  injectReport(accountId: string, bytes: Buffer | undefined): void;
  /** What a config needs. */
  describe(url: string): unknown;
}

/** Events as the control plane tells them. */
export function told(events: readonly { readonly at: Instant }[]): readonly unknown[] {
  return events.map((event) => ({ ...event, at: formatInstant(event.at) }));
}
