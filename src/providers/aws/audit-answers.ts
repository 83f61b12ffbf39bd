import { z } from 'zod';

/** What AWS answers to the audits, as far as we use it. */
const Page = { IsTruncated: z.boolean().optional(), Marker: z.string().optional() };

export const RolesAnswer = z.object({
  Roles: z.array(
    z.object({ RoleName: z.string(), RoleId: z.string(), Arn: z.string(), Path: z.string(), CreateDate: z.date() }),
  ),
  ...Page,
});
export type RolesAnswer = z.infer<typeof RolesAnswer>;

export const GroupsAnswer = z.object({
  Groups: z.array(z.object({ GroupName: z.string(), GroupId: z.string(), Arn: z.string(), CreateDate: z.date() })),
  ...Page,
});
export type GroupsAnswer = z.infer<typeof GroupsAnswer>;

export const JobAnswer = z.object({ JobId: z.string() });
export type JobAnswer = z.infer<typeof JobAnswer>;

export const AccessAnswer = z.object({
  JobStatus: z.enum(['IN_PROGRESS', 'COMPLETED', 'FAILED']),
  JobCreationDate: z.date().optional(),
  JobCompletionDate: z.date().optional(),
  ServicesLastAccessed: z
    .array(
      z.object({
        ServiceNamespace: z.string(),
        ServiceName: z.string().optional(),
        LastAuthenticated: z.date().optional(),
        LastAuthenticatedRegion: z.string().optional(),
        TrackedActionsLastAccessed: z
          .array(
            z.object({
              ActionName: z.string(),
              LastAccessedTime: z.date().optional(),
              LastAccessedRegion: z.string().optional(),
            }),
          )
          .optional(),
      }),
    )
    .default([]),
  Error: z.object({ Code: z.string().optional() }).optional(),
  ...Page,
});
export type AccessAnswer = z.infer<typeof AccessAnswer>;

export const GrantsAnswer = z.object({
  PoliciesGrantingServiceAccess: z
    .array(
      z.object({
        ServiceNamespace: z.string(),
        Policies: z
          .array(
            z.object({
              PolicyName: z.string(),
              PolicyArn: z.string().optional(),
              EntityType: z.string().optional(),
              EntityName: z.string().optional(),
            }),
          )
          .default([]),
      }),
    )
    .default([]),
  ...Page,
});
export type GrantsAnswer = z.infer<typeof GrantsAnswer>;

export const KeyLastUsedAnswer = z.object({
  AccessKeyLastUsed: z
    .object({
      LastUsedDate: z.date().optional(),
      ServiceName: z.string().optional(),
      Region: z.string().optional(),
    })
    .optional(),
});
export type KeyLastUsedAnswer = z.infer<typeof KeyLastUsedAnswer>;

export const EventsAnswer = z.object({
  Events: z
    .array(
      z.object({
        EventId: z.string(),
        EventName: z.string().optional(),
        EventTime: z.date(),
        EventSource: z.string().optional(),
        ReadOnly: z.string().optional(),
        Resources: z
          .array(z.object({ ResourceType: z.string().optional(), ResourceName: z.string().optional() }))
          .default([]),
        /** JSON in a string. */
        CloudTrailEvent: z.string().optional(),
      }),
    )
    .default([]),
  NextToken: z.string().optional(),
});
export type EventsAnswer = z.infer<typeof EventsAnswer>;
