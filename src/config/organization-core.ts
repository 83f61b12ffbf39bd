import { z } from 'zod';
import { text } from '../kit/schema.ts';
import type { Provider } from '../providers/provider.ts';
import { accountId, reportKinds } from './account-core.ts';
import { date } from './fields.ts';

/** The keys that every organisation has, whatever its provider. */
export function organizationCore(provider: Provider) {
  return z.object({
    provider: z.literal(provider.name),
    name: text()
      .refine((name) => /^[a-z0-9][a-z0-9-]{0,62}$/.test(name), 'must be lower-case letters, digits and hyphens')
      .describe('your name of it, unique within the provider'),
    members: z
      .union([z.literal('all'), z.array(accountId(provider)).min(1)])
      .default('all')
      .describe('all, or a list of account ids'),
    management_account: z.boolean().default(true).describe('collect the management account too'),
    labels: z.record(z.string(), text()).default({}).describe('on every event of its accounts'),
    labels_from_tags: z.array(text()).default([]).describe('tags of an account that become labels'),
    exclude: z
      .array(z.strictObject({ account_id: accountId(provider), owner: text(), reason: text(), until: date() }))
      .default([])
      .describe('accounts that are left out on purpose: by whom, why, and until when'),
    reports: reportKinds(provider, { imports: false }),
  });
}

export type OrganizationCore = z.infer<ReturnType<typeof organizationCore>>;
