import { z } from 'zod';

/** What Tencent Cloud answers, as far as we use it. Lists come as null where there is nothing. */
const RequestId = { RequestId: z.string().optional() };
const Whole = z.number().int().nonnegative();
const Text = z
  .string()
  .nullish()
  .transform((text) => (text === null || text === '' ? undefined : text));

function listOf<T extends z.ZodType>(item: T) {
  return z
    .array(item)
    .nullish()
    .transform((list) => list ?? []);
}

/** Of all lists of people; phone numbers, e-mail addresses and remarks are not read. */
const Person = z.object({
  Uin: Whole.nullish().transform((uin) => (uin === null || uin === 0 ? undefined : uin)),
  Uid: Whole.nullish().transform((uid) => uid ?? undefined),
  Name: z.string(),
  ConsoleLogin: Whole.nullish().transform((flag) => flag ?? undefined),
  CreateTime: Text,
  UserType: Text,
});
export type Person = z.infer<typeof Person>;

export const AccountsAnswer = z.object({
  Users: listOf(Person),
  IsTruncated: z.boolean().default(false),
  Marker: Text,
  ...RequestId,
});
export type AccountsAnswer = z.infer<typeof AccountsAnswer>;

export const UsersAnswer = z.object({ Data: listOf(Person), ...RequestId });
export type UsersAnswer = z.infer<typeof UsersAnswer>;

export const CollaboratorsAnswer = z.object({ Data: listOf(Person), TotalNum: Whole, ...RequestId });
export type CollaboratorsAnswer = z.infer<typeof CollaboratorsAnswer>;

export const WeComAnswer = z.object({ Data: listOf(Person), TotalCount: Whole, ...RequestId });
export type WeComAnswer = z.infer<typeof WeComAnswer>;

export const ReceiversAnswer = z.object({ Receivers: listOf(Person), TotalCount: Whole, ...RequestId });
export type ReceiversAnswer = z.infer<typeof ReceiversAnswer>;

export const SubAccountsAnswer = z.object({
  SubAccounts: listOf(
    z.object({
      Uin: Whole,
      UserType: Whole.nullish().transform((type) => type ?? undefined),
      CreateTime: Text,
      LastLoginTime: Text,
    }),
  ),
  ...RequestId,
});
export type SubAccountsAnswer = z.infer<typeof SubAccountsAnswer>;

export const AccessKeysAnswer = z.object({
  AccessKeys: listOf(z.object({ AccessKeyId: z.string().min(1), Status: z.string(), CreateTime: z.string() })),
  ...RequestId,
});
export type AccessKeysAnswer = z.infer<typeof AccessKeysAnswer>;

export const LastUsedAnswer = z.object({
  SecretIdLastUsedRows: listOf(
    z.object({
      SecretId: z.string(),
      LastUsedDate: Text,
      LastSecretUsedDate: Whole.nullish().transform((ms) => (ms === null || ms === 0 ? undefined : ms)),
    }),
  ),
  ...RequestId,
});
export type LastUsedAnswer = z.infer<typeof LastUsedAnswer>;

/** `Phone`, `Token`, `Stoken`, …; the newer ones are absent in older answers. */
const Flags = z
  .record(
    z.string(),
    z
      .number()
      .nullish()
      .transform((flag) => flag ?? 0),
  )
  .nullish();

export const SafeAuthAnswer = z.object({ LoginFlag: Flags, ActionFlag: Flags, ...RequestId });
export type SafeAuthAnswer = z.infer<typeof SafeAuthAnswer>;

export const SummaryAnswer = z.object({ User: Whole, Member: Whole.optional(), ...RequestId });
export type SummaryAnswer = z.infer<typeof SummaryAnswer>;

export const CallerAnswer = z.object({ AccountId: z.string().min(1), Arn: z.string() });

export const RoleAnswer = z.object({
  Credentials: z.object({ TmpSecretId: z.string().min(1), TmpSecretKey: z.string().min(1), Token: z.string().min(1) }),
  ExpiredTime: z.number().positive(),
});

/** Of the metadata service of a virtual machine. */
export const MachineRoleAnswer = z.object({
  Code: z.literal('Success'),
  TmpSecretId: z.string().min(1),
  TmpSecretKey: z.string().min(1),
  Token: z.string().min(1),
  ExpiredTime: z.number().positive(),
});
