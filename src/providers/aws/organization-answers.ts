import { z } from 'zod';

/** What AWS Organizations answers, as far as we use it. Personal data (Email) is not read. */
const Token = { NextToken: z.string().optional() };

/** `Status` retires for `State`; both have been seen alone. */
export const MembersAnswer = z.object({
  Accounts: z
    .array(
      z.object({
        Id: z.string().regex(/^\d{12}$/),
        Name: z.string().default(''),
        /** `arn:aws:organizations::<management account>:account/o-…/<account>`. */
        Arn: z.string().default(''),
        State: z.string().optional(),
        Status: z.string().optional(),
      }),
    )
    .default([]),
  ...Token,
});
export type MembersAnswer = z.infer<typeof MembersAnswer>;

/** Of IAM: which features of centralised root access are on. */
export const RootFeaturesAnswer = z.object({ EnabledFeatures: z.array(z.string()).default([]) });
export type RootFeaturesAnswer = z.infer<typeof RootFeaturesAnswer>;

export const TagsAnswer = z.object({
  Tags: z.array(z.object({ Key: z.string(), Value: z.string().default('') })).default([]),
  ...Token,
});
export type TagsAnswer = z.infer<typeof TagsAnswer>;
