import { z } from 'zod';

/** What AWS answers, as far as we use it. The SDK has read the XML and decoded the base64; it promises no field. */
const Metadata = z.object({ requestId: z.string().optional() });

export const GenerateAnswer = z.object({
  State: z.enum(['STARTED', 'INPROGRESS', 'COMPLETE']),
  $metadata: Metadata,
});
export type GenerateAnswer = z.infer<typeof GenerateAnswer>;

export const ReportAnswer = z.object({
  Content: z.instanceof(Uint8Array),
  GeneratedTime: z.date(),
  $metadata: Metadata,
});
export type ReportAnswer = z.infer<typeof ReportAnswer>;

export const CallerAnswer = z.object({ Account: z.string(), Arn: z.string() });
export type CallerAnswer = z.infer<typeof CallerAnswer>;

export const RoleAnswer = z.object({
  Credentials: z.object({
    AccessKeyId: z.string(),
    SecretAccessKey: z.string(),
    SessionToken: z.string(),
    Expiration: z.date(),
  }),
});
export type RoleAnswer = z.infer<typeof RoleAnswer>;

const Page = { IsTruncated: z.boolean().optional(), Marker: z.string().optional() };

export const UsersAnswer = z.object({
  Users: z.array(z.object({ UserName: z.string(), UserId: z.string(), Arn: z.string(), CreateDate: z.date() })),
  ...Page,
});
export type UsersAnswer = z.infer<typeof UsersAnswer>;

export const AccessKeysAnswer = z.object({
  AccessKeyMetadata: z.array(z.object({ AccessKeyId: z.string(), Status: z.string(), CreateDate: z.date() })),
  ...Page,
});
export type AccessKeysAnswer = z.infer<typeof AccessKeysAnswer>;

/** With each user come the policies in it; the schema lets go of them. */
export const UserDetailsAnswer = z.object({
  UserDetailList: z
    .array(
      z.object({
        Arn: z.string(),
        CreateDate: z.date(),
        Tags: z.array(z.object({ Key: z.string(), Value: z.string() })).default([]),
      }),
    )
    .default([]),
  ...Page,
});
export type UserDetailsAnswer = z.infer<typeof UserDetailsAnswer>;

export const ServiceCredentialsAnswer = z.object({
  ServiceSpecificCredentials: z
    .array(
      z.object({
        UserName: z.string(),
        ServiceSpecificCredentialId: z.string(),
        ServiceName: z.string(),
        Status: z.string(),
        CreateDate: z.date(),
        ExpirationDate: z.date().optional(),
      }),
    )
    .default([]),
  ...Page,
});
export type ServiceCredentialsAnswer = z.infer<typeof ServiceCredentialsAnswer>;

export const VirtualMfaAnswer = z.object({
  VirtualMFADevices: z
    .array(z.object({ SerialNumber: z.string(), User: z.object({ Arn: z.string().optional() }).optional() }))
    .default([]),
  IsTruncated: z.boolean().optional(),
  Marker: z.string().optional(),
});
export type VirtualMfaAnswer = z.infer<typeof VirtualMfaAnswer>;

export const SummaryAnswer = z.object({ SummaryMap: z.object({ Users: z.number().int().nonnegative() }) });
export type SummaryAnswer = z.infer<typeof SummaryAnswer>;

export const AliasesAnswer = z.object({ AccountAliases: z.array(z.string()).default([]) });
export type AliasesAnswer = z.infer<typeof AliasesAnswer>;
