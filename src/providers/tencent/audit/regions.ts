import { z } from 'zod';
import type { Attribute, AuditApi } from '../audit-api.ts';
import { isNotAllowed } from '../faults.ts';
import type { Work } from './desk.ts';

export const LOOK_UP = 'cloudaudit:LookUpEvents';
/** A key or account id that nobody has. */
const NOBODY = '100000000001';
const MINUTE_MS = 60_000;

/** Where CloudAudit may be asked, and by what; found out once for a report, so that all who collect it agree. */
const RegionsPage = z.object({
  open: z.array(z.string()),
  /** By region: why it is not asked. */
  closed: z.record(z.string(), z.string()),
  attribute: z.enum(['AccessKeyId', 'PrincipalId', 'Username']).optional(),
});
export type RegionsPage = z.infer<typeof RegionsPage>;

export const NO_REGIONS: RegionsPage = { open: [], closed: {} };

/** Tries each region once, and the attributes until one is known: which of them a site has is documented in two ways. */
export function tryRegions(
  regions: readonly string[],
  attributes: readonly Attribute[],
  api: AuditApi,
  work: Work,
): Promise<RegionsPage> {
  return work.pages.take('regions', RegionsPage, async () => {
    const open: string[] = [];
    const closed: Record<string, string> = {};
    let [attribute, ...others] = attributes;
    let denied: string | undefined;
    for (const region of regions) {
      let why = denied;
      for (; why === undefined && attribute !== undefined; ) {
        const refused = await tryRegion(region, attribute, regions.length === 1, api, work);
        if (refused === undefined) break;
        if (open.length === 0 && /^InvalidParameterValue\.attributeKey$/i.test(refused) && others.length > 0)
          [attribute, ...others] = others;
        else why = refused;
      }
      if (why === undefined) open.push(region);
      else closed[region] = why;
      if (why !== undefined && isNotAllowed(why)) denied = why;
    }
    return { open, closed: worded(closed), ...(attribute === undefined ? {} : { attribute }) };
  });
}

/** Tencent's code, where it says no. */
async function tryRegion(
  region: string,
  attribute: Attribute,
  isOnly: boolean,
  api: AuditApi,
  work: Work,
): Promise<string | undefined> {
  const to = work.clock.now();
  const asked = { region, attribute, value: NOBODY, from: to - MINUTE_MS, to, token: undefined };
  const told = await work.asker.ask(LOOK_UP, () => api.events(asked, work.signal));
  if ('told' in told) return undefined;
  // A failure of the only one there is may pass; a region more or less is told.
  if (isOnly && told.fault.kind === 'unreachable') throw told.fault;
  return told.refused;
}

function worded(closed: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(closed).map(([region, code]) => [region, whyOf(region, code)]));
}

function whyOf(region: string, code: string): string {
  return isNotAllowed(code) ? `not allowed: ${LOOK_UP}` : `CloudAudit in ${region} refused: ${code}`;
}

/** Each reason once. */
export function closedReasons({ closed }: RegionsPage): readonly string[] {
  return [...new Set(Object.values(closed))].toSorted();
}
