import { z } from 'zod';
import type { UserKeys } from '../audit/keys.ts';

const Attached = z.object({ type: z.string(), name: z.string(), version: z.string().optional() });
export type Attached = z.infer<typeof Attached>;

const Gone = z.object({ gone: z.literal(true) });

const Policies = z.object({ policies: z.array(Attached) });
const Groups = z.object({ groups: z.array(z.string()) });

/** What hangs on a user, a role or a group: `gone` when it was deleted meanwhile. */
export const HolderPage = z.union([Gone, Policies]);
export type HolderPage = z.infer<typeof HolderPage>;

export const GroupsPage = z.union([Gone, Groups]);
export type GroupsPage = z.infer<typeof GroupsPage>;

/** All of a user. */
export type UserPage =
  | z.infer<typeof Gone>
  | (z.infer<typeof Policies> & z.infer<typeof Groups> & { readonly keys: UserKeys });

/** The text of the default version. */
export const PolicyPage = z.union([Gone, z.object({ document: z.string() })]);
export type PolicyPage = z.infer<typeof PolicyPage>;
