import { z } from 'zod';

/** What Alibaba Cloud answers, as far as we use it. The SDK has read the JSON; it promises no field. */
export const GenerateAnswer = z.object({
  state: z.enum(['STARTED', 'INPROGRESS', 'COMPLETED']),
  requestId: z.string().optional(),
});
export type GenerateAnswer = z.infer<typeof GenerateAnswer>;

/** Declared as a string, sent as a boolean, handed on by the SDK as "true" and "false". */
const Flag = z
  .union([z.string(), z.boolean()])
  .optional()
  .transform((flag) => String(flag) === 'true');

export const PageAnswer = z.object({
  content: z.string(),
  generatedTime: z.string(),
  isTruncated: Flag,
  nextToken: z.string().optional(),
  requestId: z.string().optional(),
});
export type PageAnswer = z.infer<typeof PageAnswer>;

export const SummaryAnswer = z.object({ summaryMap: z.object({ users: z.number().int().nonnegative() }) });
export type SummaryAnswer = z.infer<typeof SummaryAnswer>;

const Page = { isTruncated: Flag, marker: z.string().optional() };

/** IMS: users by principal name, as the report has them. */
export const PrincipalsAnswer = z.object({
  users: z.object({
    user: z
      .array(
        z.object({
          userId: z.string(),
          userPrincipalName: z.string(),
          createDate: z.string(),
          lastLoginDate: z.string().optional(),
        }),
      )
      .default([]),
  }),
  ...Page,
});
export type PrincipalsAnswer = z.infer<typeof PrincipalsAnswer>;

/** RAM: users by user name. */
export const UsersAnswer = z.object({
  users: z.object({
    user: z.array(z.object({ userId: z.string(), userName: z.string(), createDate: z.string() })).default([]),
  }),
  ...Page,
});
export type UsersAnswer = z.infer<typeof UsersAnswer>;

export const AccessKeysAnswer = z.object({
  accessKeys: z.object({
    accessKey: z.array(z.object({ accessKeyId: z.string(), status: z.string(), createDate: z.string() })).default([]),
  }),
});
export type AccessKeysAnswer = z.infer<typeof AccessKeysAnswer>;

export const LastUsedAnswer = z.object({
  accessKeyLastUsed: z.object({ lastUsedDate: z.string().optional() }).default({}),
});
export type LastUsedAnswer = z.infer<typeof LastUsedAnswer>;

export const LoginProfileAnswer = z.object({
  loginProfile: z.object({
    status: z.string().optional(),
    lastLoginTime: z.string().optional(),
    updateDate: z.string().optional(),
  }),
});
export type LoginProfileAnswer = z.infer<typeof LoginProfileAnswer>;

export const MfaAnswer = z.object({
  isMFAEnable: Flag,
  MFADevice: z.object({ serialNumber: z.string().optional() }).optional(),
});
export type MfaAnswer = z.infer<typeof MfaAnswer>;

export const CallerAnswer = z.object({ accountId: z.string(), arn: z.string() });
export type CallerAnswer = z.infer<typeof CallerAnswer>;

export const RoleAnswer = z.object({
  credentials: z.object({
    accessKeyId: z.string(),
    accessKeySecret: z.string(),
    securityToken: z.string(),
    expiration: z.string(),
  }),
});
export type RoleAnswer = z.infer<typeof RoleAnswer>;

/** What a credentials URI answers. */
export const UriAnswer = z.object({
  AccessKeyId: z.string(),
  AccessKeySecret: z.string(),
  SecurityToken: z.string().optional(),
  Expiration: z.string().optional(),
});
export type UriAnswer = z.infer<typeof UriAnswer>;

export const MachineAnswer = z.object({
  Code: z.literal('Success'),
  AccessKeyId: z.string(),
  AccessKeySecret: z.string(),
  SecurityToken: z.string(),
  Expiration: z.string(),
});
export type MachineAnswer = z.infer<typeof MachineAnswer>;
