import { z } from 'zod';
import { duration } from '../../kit/schema.ts';
import { WIRE, wireSettings } from '../../kit/wire-settings.ts';
import { AuthSettings } from './auth.ts';
import { Endpoint } from './endpoints.ts';

const MINUTE_MS = 60_000;

/** The site decides only where STS is asked, unless `region` says it. Accounts of one are unknown to the other. */
const REGIONS = { china: 'cn-hangzhou', international: 'ap-southeast-1' } as const;

/** What an account has, and an organisation for all of its accounts. */
export const COMMON = z.strictObject({
  site: z.enum(['china', 'international']).default('international').describe('aliyun.com or alibabacloud.com'),
  region: z
    .string()
    .regex(/^[a-z]{2,6}(?:-[a-z0-9]+)+$/, 'must be a region such as ap-southeast-1')
    .optional()
    .describe("whose STS is asked; without it: the site's main region"),
  key_ids: z.boolean().default(true).describe('ask for user ids and access key ids too'),
  max_rps: z
    .number()
    .min(0.1)
    .max(90)
    .default(20)
    .describe('calls in a second for key ids and for large accounts; RAM allows 100 to the whole account'),
  timeout: duration()
    .refine((ms) => ms >= 1_000, 'must be at least 1s')
    .default(MINUTE_MS)
    .describe('one call to Alibaba Cloud'),
  ...WIRE,
});

/** As the code wants it. */
export function commonOf({ site, region = REGIONS[site], key_ids: keyIds, ...common }: z.infer<typeof COMMON>) {
  const { max_rps: maxRps, timeout: timeoutMs } = common;
  return { region, keyIds, maxRps, timeoutMs, wire: wireSettings(common) };
}

/** An Alibaba Cloud account's own keys in YAML. */
export const Settings = z
  .strictObject({
    auth: AuthSettings.prefault({ chain: {} }).describe("where credentials come from; without it: the SDK's own chain"),
    endpoint: Endpoint.optional().describe('something other than the public endpoints'),
    ...COMMON.shape,
  })
  .transform(({ auth, endpoint, ...common }) => ({ auth, endpoint, ...commonOf(common) }));

/** `hub`: the organisation whose way in it shares; never written in YAML. */
export type Settings = z.infer<typeof Settings> & { readonly hub?: string };
