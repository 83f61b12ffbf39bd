import { z } from 'zod';

/** What Tencent Cloud answers to an audit, as far as we use it: descriptions, remarks and whole events are not read. */
const RequestId = { RequestId: z.string().optional() };
const Whole = z.number().int().nonnegative();
const Text = z
  .string()
  .nullish()
  .transform((text) => (text === null || text === '' ? undefined : text));
const TextOrNumber = z
  .union([z.string(), z.number()])
  .nullish()
  .transform((given) => (given === null || given === undefined || given === '' ? undefined : String(given)));

function listOf<T extends z.ZodType>(item: T) {
  return z
    .array(item)
    .nullish()
    .transform((list) => list ?? []);
}

/** What is not named here (parameters, session tokens, user names, places) is kept nowhere. */
export const AuditEvent = z.object({
  EventId: Text,
  RequestID: Text,
  EventName: Text,
  EventTime: TextOrNumber,
  ErrorCode: TextOrNumber,
  EventSource: Text,
  EventRegion: Text,
  ResourceRegion: Text,
  SourceIPAddress: Text,
  Resources: z.object({ ResourceType: Text, ResourceName: Text }).nullish(),
});
export type AuditEvent = z.infer<typeof AuditEvent>;

/** The sample of the documentation has numbers for `ListOver`. */
export const EventsAnswer = z.object({
  Events: listOf(AuditEvent),
  ListOver: z
    .union([z.boolean(), z.number()])
    .nullish()
    .transform((over) => (over === null || over === undefined ? undefined : Boolean(over))),
  NextToken: TextOrNumber,
  ...RequestId,
});
export type EventsAnswer = z.infer<typeof EventsAnswer>;

export const GrantingAnswer = z.object({
  List: listOf(
    z.object({
      Service: z.object({ ServiceType: z.string().min(1), ServiceName: Text }),
      Action: listOf(z.object({ Name: z.string().min(1) })),
      Policy: listOf(z.object({ PolicyId: TextOrNumber, PolicyName: z.string().min(1) })),
    }),
  ),
  ...RequestId,
});
export type GrantingAnswer = z.infer<typeof GrantingAnswer>;

export const RolesAnswer = z.object({
  List: listOf(
    z.object({
      /** Longer than a number of JavaScript's can be: a text. */
      RoleId: z.string().regex(/^\d{1,20}$/),
      RoleName: z.string().min(1),
      RoleType: Text,
      AddTime: Text,
    }),
  ),
  TotalNum: Whole,
  ...RequestId,
});
export type RolesAnswer = z.infer<typeof RolesAnswer>;

export const GroupsAnswer = z.object({
  GroupInfo: listOf(z.object({ GroupId: Whole, GroupName: z.string().min(1), CreateTime: Text })),
  TotalNum: Whole,
  ...RequestId,
});
export type GroupsAnswer = z.infer<typeof GroupsAnswer>;

const Attached = z.object({
  PolicyId: z.union([z.string().regex(/^\d{1,15}$/), Whole]).transform(Number),
  PolicyName: z.string().min(1),
  Groups: listOf(z.object({ GroupName: z.string().min(1) })),
});

/** Of a user, a role and a group: what the list is called differs. */
export const AttachedAnswer = z
  .object({ PolicyList: listOf(Attached), List: listOf(Attached), TotalNum: Whole, ...RequestId })
  .transform(({ PolicyList, List, ...rest }) => ({ policies: [...PolicyList, ...List], ...rest }));
export type AttachedAnswer = z.infer<typeof AttachedAnswer>;

export const PolicyAnswer = z.object({ PolicyDocument: z.string(), ...RequestId });
export type PolicyAnswer = z.infer<typeof PolicyAnswer>;
