import { z } from 'zod';

/** The parts of a credential report. The first holds the cloud's bytes; the others what we asked beside it, as small JSON. */
export const REPORT_PART = 'report.csv';
export const SERVICE_CREDENTIALS_PART = 'service-credentials.json';
export const USER_TAGS_PART = 'user-tags.json';
export const ROOT_MFA_PART = 'root-mfa.json';

export const ServiceCredentialsPart = z.object({
  version: z.literal(1),
  asked_at: z.string(),
  credentials: z.array(
    z.object({
      user_name: z.string(),
      id: z.string(),
      service: z.string(),
      status: z.string(),
      created: z.string(),
      expires: z.string().optional(),
    }),
  ),
});
export type ServiceCredentialsPart = z.infer<typeof ServiceCredentialsPart>;

export const UserTagsPart = z.object({
  version: z.literal(1),
  asked_at: z.string(),
  /** Also those without a tag: then they have none. */
  users: z.array(
    z.object({
      arn: z.string(),
      created: z.string(),
      tags: z.array(z.object({ key: z.string(), value: z.string() })),
    }),
  ),
});
export type UserTagsPart = z.infer<typeof UserTagsPart>;
/** A device that a program on a phone stands for; what is not one is hardware, or a passkey. */
export const RootMfaPart = z.object({ version: z.literal(1), asked_at: z.string(), is_virtual: z.boolean() });
export type RootMfaPart = z.infer<typeof RootMfaPart>;
