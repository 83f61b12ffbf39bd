import { z } from 'zod';
import { UsedProducts } from '../audit/key-uses.ts';
import { ListedKey } from '../audit/keys.ts';
import { Refused } from '../audit/refusal.ts';

/** A key of a user, and when it was last used by what RAM says: absent, never. */
const OwnedKey = z.object({
  ...ListedKey.shape,
  reported: z.union([Refused, z.object({ at: z.number().optional() })]),
});
export type OwnedKey = z.infer<typeof OwnedKey>;

/** `gone`: the user was deleted meanwhile. */
export const OwnedKeys = z.union([z.literal('gone'), z.array(OwnedKey), Refused]);
export type OwnedKeys = z.infer<typeof OwnedKeys>;

const Info = z.object({ at: z.number().optional(), service: z.string().optional(), region: z.string().optional() });

/** What ActionTrail says of a key as a whole. */
export const KeyUsed = z.object({
  info: z.union([Refused, Info]),
  /** Not asked for at the least depth. */
  products: z.union([UsedProducts, Refused]).optional(),
});
export type KeyUsed = z.infer<typeof KeyUsed>;
