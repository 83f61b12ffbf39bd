import { z } from 'zod';
import { type Fold, foldUse } from '../../../kit/use-fold.ts';
import type { Depth } from './depth.ts';

/** One event, as far as it is used. */
export const Seen = z.object({
  id: z.string(),
  at: z.number(),
  region: z.string(),
  service: z.string(),
  event: z.string(),
  address: z.string().optional(),
  resources: z.array(z.object({ type: z.string(), name: z.string() })).optional(),
});
export type Seen = z.infer<typeof Seen>;

export function foldEvent(fold: Fold, event: Seen, depth: Depth): void {
  const { at, region, service } = event;
  const once = { first: at, last: at, region, count: 1 };
  foldUse(fold, { what: 'key', service: '', name: '', type: '', ...once });
  foldUse(fold, { what: 'service', service, name: '', type: '', ...once });
  if (depth !== 'full') return;
  foldUse(fold, { what: 'event', service, name: event.event, type: '', ...once });
  if (event.address !== undefined)
    foldUse(fold, { what: 'address', service: '', name: event.address, type: '', ...once });
  const resources = new Map((event.resources ?? []).map((resource) => [JSON.stringify(resource), resource]));
  for (const { type, name } of resources.values())
    foldUse(fold, { what: 'resource', service: '', name, type, ...once });
}
