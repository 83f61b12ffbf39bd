import { z } from 'zod';
import type { UsedProducts } from '../audit/key-uses.ts';
import type { ListedKey } from '../audit/keys.ts';
import { Refused } from '../audit/refusal.ts';

/** When a key was last used by what RAM says: absent, never. `gone`: it was deleted meanwhile. */
export const Reported = z.union([z.literal('gone'), Refused, z.object({ at: z.number().optional() })]);
export type Reported = z.infer<typeof Reported>;

/** A key of a user. */
export type OwnedKey = ListedKey & { readonly reported: Exclude<Reported, 'gone'> };

/** `gone`: the user was deleted meanwhile. */
export type OwnedKeys = 'gone' | readonly OwnedKey[] | Refused;

/** What ActionTrail says of a key as a whole. */
export const Info = z.union([
  Refused,
  z.object({ at: z.number().optional(), service: z.string().optional(), region: z.string().optional() }),
]);
export type Info = z.infer<typeof Info>;

export interface KeyUsed {
  readonly info: Info;
  /** Not asked for at the least depth. */
  readonly products?: UsedProducts;
}
