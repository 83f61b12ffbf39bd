import type { Account } from '../domain/account.ts';
import type { Fault } from '../domain/fault.ts';
import type { Stage } from './stage.ts';

const SAID_EVERY_MS = 5 * 60_000;

/** The organisation whose fault it is; undefined when it is the account's own. */
export function sharedBy(fault: Fault, { provider, organization }: Account): string | undefined {
  return fault.isShared && organization !== undefined ? `organization ${provider}/${organization}` : undefined;
}

/** Three hundred members meet the same fault of their hub: it is said once in a while. */
export function isNews(subject: string, stage: Stage, everyMs = SAID_EVERY_MS): boolean {
  const now = stage.clock.now();
  if (now < (stage.said.get(subject) ?? 0) + everyMs) return false;
  stage.said.set(subject, now);
  return true;
}
