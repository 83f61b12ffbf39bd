import type { ReportSettings } from '../../../domain/account.ts';
import { ACCESS_KIND, AccessSettings } from '../access-audit/kind.ts';
import { KEY_KIND, KeySettings } from '../key-audit/kind.ts';
import { NATIVE } from '../permissions.ts';

const OF_PRODUCTS = 'actiontrail:GetAccessKeyLastUsedProducts';
const OF_EVENTS = 'actiontrail:GetAccessKeyLastUsedEvents';
const OF_FULL = [OF_EVENTS, 'actiontrail:GetAccessKeyLastUsedIps', 'actiontrail:GetAccessKeyLastUsedResources'];

/** Of what a kind declares, what it has a use for with these settings. */
export function neededBy<T extends string>(
  kind: string,
  declared: readonly T[],
  report: ReportSettings | undefined,
): readonly T[] {
  const off = new Set<string>(switchedOff(kind, report?.settings ?? {}));
  return declared.filter((action) => !off.has(action));
}

/** What the settings of an access audit need beside what it declares. */
export function nativeNeeds(kind: string, report: ReportSettings | undefined): readonly string[] {
  if (kind !== ACCESS_KIND) return [];
  return AccessSettings.parse(report?.settings ?? {}).native === undefined ? [] : NATIVE;
}

function switchedOff(kind: string, own: unknown): readonly string[] {
  if (kind === KEY_KIND) {
    const { depth } = KeySettings.parse(own);
    return depth === 'full' ? [] : depth === 'products' ? OF_FULL : [OF_PRODUCTS, ...OF_FULL];
  }
  if (kind !== ACCESS_KIND) return [];
  const { granularity, lookup } = AccessSettings.parse(own);
  return [...(granularity === 'service' ? [OF_EVENTS] : []), ...(lookup === 'off' ? ['actiontrail:LookupEvents'] : [])];
}
