import { z } from 'zod';

/** What Alibaba Cloud answers to the audits, as far as we use it. A list without entries may be left out, or null. */
function list<T>(one: z.ZodType<T>): z.ZodType<readonly T[]> {
  return z
    .array(one)
    .nullish()
    .transform((found) => found ?? []);
}

/** RAM, as its SDK has read it. */
export const RolesAnswer = z.object({
  roles: z.object({
    role: list(z.object({ roleName: z.string(), roleId: z.string(), arn: z.string(), createDate: z.string() })),
  }),
  isTruncated: z.boolean().optional(),
  marker: z.string().optional(),
});
export type RolesAnswer = z.infer<typeof RolesAnswer>;

export const GroupsAnswer = z.object({
  groups: z.object({ group: list(z.object({ groupName: z.string() })) }),
});
export type GroupsAnswer = z.infer<typeof GroupsAnswer>;

export const PoliciesAnswer = z.object({
  policies: z.object({
    policy: list(z.object({ policyName: z.string(), policyType: z.string(), defaultVersion: z.string().optional() })),
  }),
});
export type PoliciesAnswer = z.infer<typeof PoliciesAnswer>;

export const PolicyVersionAnswer = z.object({ policyVersion: z.object({ policyDocument: z.string() }) });

export const PolicyAnswer = z.object({
  policy: z.object({ policyDocument: z.string().optional() }).default({}),
  defaultPolicyVersion: z.object({ policyDocument: z.string().optional() }).default({}),
});

/** Milliseconds since 1970; zero stands for none. */
const Used = z
  .union([z.number(), z.string().transform(Number)])
  .nullish()
  .transform((ms) => (ms === null || ms === undefined || !Number.isFinite(ms) || ms <= 0 ? undefined : ms));

/** Of the sample event that stands as JSON in a string: where it was. */
const Region = z
  .string()
  .nullish()
  .transform((detail) => regionIn(detail ?? ''));

const LastUse = { UsedTimestamp: Used, Detail: Region };
const NextToken = z
  .string()
  .nullish()
  .transform((token) => (token === null || token === '' ? undefined : token));

/** ActionTrail, as it stands on the wire. */
export const KeyInfoAnswer = z.object({ ServiceName: z.string().nullish(), ...LastUse });
export type KeyInfoAnswer = z.infer<typeof KeyInfoAnswer>;

export const ProductsAnswer = z.object({ Products: list(z.object({ ServiceName: z.string(), ...LastUse })) });
export type ProductsAnswer = z.infer<typeof ProductsAnswer>;

export const KeyEventsAnswer = z.object({ Events: list(z.object({ EventName: z.string(), ...LastUse })), NextToken });

export const KeyAddressesAnswer = z.object({ Ips: list(z.object({ Ip: z.string(), ...LastUse })), NextToken });

export const KeyResourcesAnswer = z.object({
  Resources: list(z.object({ ResourceType: z.string().nullish(), ResourceName: z.string(), ...LastUse })),
  NextToken,
});

const TrailEvent = z.object({
  eventName: z.string(),
  eventTime: z.string(),
  serviceName: z.string(),
  acsRegion: z.string().nullish(),
  userIdentity: z.object({ type: z.string().nullish(), userName: z.string().nullish() }).nullish(),
});
export type TrailEvent = z.infer<typeof TrailEvent>;

/** Events of a kind that we do not know are passed over, not a reason to fail. */
export const LookedUpAnswer = z.object({
  Events: list(z.unknown()).transform((events) =>
    events.flatMap((event) => {
      const read = TrailEvent.safeParse(typeof event === 'string' ? jsonIn(event) : event);
      return read.success ? [read.data] : [];
    }),
  ),
  NextToken,
});
export type LookedUpAnswer = z.infer<typeof LookedUpAnswer>;

function regionIn(detail: string): string | undefined {
  const event = z.object({ acsRegion: z.string() }).safeParse(jsonIn(detail));
  return event.success && event.data.acsRegion !== '' ? event.data.acsRegion : undefined;
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
