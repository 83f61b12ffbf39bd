import { z } from 'zod';
import { UserKeys } from '../audit/keys.ts';

const Attached = z.object({ type: z.string(), name: z.string(), version: z.string().optional() });
export type Attached = z.infer<typeof Attached>;

const Gone = z.object({ gone: z.literal(true) });

/** What hangs on a user: `gone` when it was deleted meanwhile. */
export const UserPage = z.union([
  Gone,
  z.object({ policies: z.array(Attached), groups: z.array(z.string()), keys: UserKeys }),
]);
export type UserPage = z.infer<typeof UserPage>;

/** Of a role or a group. */
export const HolderPage = z.union([Gone, z.object({ policies: z.array(Attached) })]);
export type HolderPage = z.infer<typeof HolderPage>;

/** The text of the default version. */
export const PolicyPage = z.union([Gone, z.object({ document: z.string() })]);
export type PolicyPage = z.infer<typeof PolicyPage>;
