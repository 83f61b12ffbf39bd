import { z } from 'zod';
import { duration, text } from '../../kit/schema.ts';
import { WIRE, wireSettings } from '../../kit/wire-settings.ts';
import { AuthSettings } from './auth.ts';

const MINUTE_MS = 60_000;

export const Url = text().refine(isPlainUrl, 'must be an http or https URL without a user name or password');

interface Endpoints {
  readonly iam: string;
  readonly sts: string;
  /** The portal of IAM Identity Center; AWS's own where it is left out. */
  readonly sso: string | undefined;
  /** Of every region; AWS's own where it is left out. */
  readonly cloudtrail: string | undefined;
}

const Endpoint: z.ZodType<Endpoints> = z
  .union([Url, z.strictObject({ iam: Url, sts: Url, sso: Url.optional(), cloudtrail: Url.optional() })], {
    error: 'must be one http or https URL, or { iam: URL, sts: URL }',
  })
  .transform((endpoint) =>
    typeof endpoint === 'string'
      ? { iam: endpoint, sts: endpoint, sso: endpoint, cloudtrail: endpoint }
      : { iam: endpoint.iam, sts: endpoint.sts, sso: endpoint.sso, cloudtrail: endpoint.cloudtrail },
  );

/** What an account has, and an organisation for all of its accounts. */
export const COMMON = {
  region: z
    .string()
    .regex(/^(?:aws-global|[a-z]{2,6}(?:-[a-z]+)+-\d{1,2})$/, 'must be a region such as us-east-1')
    .default('us-east-1')
    .describe('selects the partition (aws, aws-cn, aws-us-gov, …) and the STS that is asked'),
  key_ids: z.boolean().default(true).describe('ask for user ids, access key ids and service credentials too'),
  user_tags: z.boolean().default(false).describe('ask for the tags of users too'),
  root_mfa: z.boolean().default(false).describe("ask whether the root's MFA device is a virtual one"),
  max_rps: z
    .number()
    .min(0.1)
    .max(100)
    .default(10)
    .describe('calls in a second beside the report (key ids; each audit has as many again), in this account'),
  timeout: duration()
    .refine((ms) => ms >= 1_000, 'must be at least 1s')
    .default(MINUTE_MS)
    .describe("one call to AWS, the SDK's own retries included"),
  ...WIRE,
};

/** An AWS account's own keys in YAML. */
export const Settings = z
  .strictObject({
    auth: AuthSettings.prefault({ chain: {} }).describe("where credentials come from; without it: the SDK's own chain"),
    endpoint: Endpoint.optional().describe('something other than the real AWS'),
    ...COMMON,
  })
  .transform((settings) => ({
    auth: settings.auth,
    endpoint: settings.endpoint,
    region: settings.region,
    keyIds: settings.key_ids,
    userTags: settings.user_tags,
    rootMfa: settings.root_mfa,
    maxRps: settings.max_rps,
    timeoutMs: settings.timeout,
    wire: wireSettings(settings),
  }));

/** `hub`: the organisation whose way in it shares; never written in YAML. */
export type Settings = z.infer<typeof Settings> & { readonly hub?: string };

function isPlainUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const url = new URL(value);
  return (url.protocol === 'http:' || url.protocol === 'https:') && url.username === '' && url.password === '';
}
