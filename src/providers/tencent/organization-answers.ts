import { z } from 'zod';

/** What Tencent Cloud Organization answers, as far as we use it. Remarks, nicknames of members and who pays are not read. */
const Uin = z.number().int().positive();
const Text = z
  .string()
  .nullish()
  .transform((text) => text ?? '');

/** Almost any field may come as null, the documentation says. A member without its account id is of no use. */
const OrganizationMember = z.object({
  MemberUin: Uin,
  Name: Text,
  Tags: z
    .array(z.object({ TagKey: z.string(), TagValue: Text }))
    .nullish()
    .transform((tags) => tags ?? undefined),
});
export type OrganizationMember = z.infer<typeof OrganizationMember>;

export const MembersAnswer = z.object({
  Items: z
    .array(OrganizationMember)
    .nullish()
    .transform((items) => items ?? []),
  Total: z.number().int().nonnegative(),
});
export type MembersAnswer = z.infer<typeof MembersAnswer>;

/** The host is who made the organisation. */
export const OrganizationAnswer = z.object({ HostUin: Uin, NickName: Text });
export type OrganizationAnswer = z.infer<typeof OrganizationAnswer>;
