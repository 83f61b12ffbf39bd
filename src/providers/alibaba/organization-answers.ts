import { z } from 'zod';

/** What Resource Manager answers, as far as we use it: as it came, because the generic client renames nothing. Addresses are not read. */
const AccountId = z.string().regex(/^\d{5,20}$/);

/** `Tags` comes only when it is asked for. */
const Account = z.object({
  AccountId,
  DisplayName: z.string().default(''),
  Status: z.string().optional(),
  DeletionStatus: z.string().optional(),
  Tags: z.object({ Tag: z.array(z.object({ Key: z.string(), Value: z.string().default('') })).default([]) }).optional(),
});
export type Account = z.infer<typeof Account>;

export const MembersAnswer = z.object({
  Accounts: z.object({ Account: z.array(Account).default([]) }),
  TotalCount: z.number().int().nonnegative(),
});
export type MembersAnswer = z.infer<typeof MembersAnswer>;

export const DirectoryAnswer = z.object({
  ResourceDirectory: z.object({ MasterAccountId: AccountId, MasterAccountName: z.string().default('') }),
});
export type DirectoryAnswer = z.infer<typeof DirectoryAnswer>;
