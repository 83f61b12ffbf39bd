import { z } from 'zod';
import { type Fold, foldUse } from '../../../kit/use-fold.ts';

/** How much of an event is told: its service, its name too, or its address and resource too. */
export const DEPTHS = ['info', 'products', 'actions', 'full'] as const;
export type Depth = (typeof DEPTHS)[number];

/** One event, as far as it is used. */
export const Seen = z.object({
  id: z.string(),
  at: z.number(),
  region: z.string(),
  service: z.string(),
  event: z.string(),
  address: z.string().optional(),
  resource: z.object({ type: z.string(), name: z.string() }).optional(),
});
export type Seen = z.infer<typeof Seen>;

export function foldEvent(fold: Fold, event: Seen): void {
  const { at, region, service, address, resource } = event;
  const once = { first: at, last: at, region, count: 1 };
  foldUse(fold, { what: 'key', service: '', name: '', type: '', ...once });
  foldUse(fold, { what: 'service', service, name: '', type: '', ...once });
  if (event.event !== '') foldUse(fold, { what: 'event', service, name: event.event, type: '', ...once });
  if (address !== undefined) foldUse(fold, { what: 'address', service: '', name: address, type: '', ...once });
  if (resource !== undefined) foldUse(fold, { what: 'resource', service: '', ...resource, ...once });
}
