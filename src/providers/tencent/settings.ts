import { z } from 'zod';
import { duration, text } from '../../kit/schema.ts';
import { WIRE, wireSettings } from '../../kit/wire-settings.ts';
import { AuthSettings } from './auth.ts';

const MINUTE_MS = 60_000;

export type Site = 'mainland' | 'international';

export const Url = text().refine(isPlainUrl, 'must be an http or https URL with nothing after the host and port');

interface Endpoints {
  readonly cam: string;
  readonly sts: string;
  /** Of every region. */
  readonly cloudaudit?: string | undefined;
}

const Endpoint: z.ZodType<Endpoints> = z
  .union([Url, z.strictObject({ cam: Url, sts: Url, cloudaudit: Url.optional() })], {
    error: 'must be one http or https URL, or { cam: URL, sts: URL }',
  })
  .transform((endpoint) =>
    typeof endpoint === 'string' ? { cam: endpoint, sts: endpoint, cloudaudit: endpoint } : endpoint,
  );

const TimeZone = z
  .string()
  .regex(/^(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)$/, 'must be a distance from UTC such as "+08:00", or "Z"')
  .transform((zone) => (zone === 'Z' ? '+00:00' : zone))
  .meta({ type: 'string', pattern: '^(?:Z|[+-](?:0[0-9]|1[0-4]):[0-5][0-9])$' });

/** What an account has, and an organisation for all of its accounts. */
export const COMMON = z.strictObject({
  site: z
    .enum(['mainland', 'international'])
    .default('mainland')
    .describe('the site that the account belongs to: cloud.tencent.com or tencentcloud.com'),
  region: z
    .string()
    .regex(/^[a-z]{2,6}(?:-[a-z]+)+(?:-\d{1,2})?$/, 'must be a region such as ap-guangzhou')
    .default('ap-guangzhou')
    .describe('the STS that is asked; CAM has no regions'),
  time_zone: TimeZone.default('+08:00').describe('of the times that Tencent writes without a zone'),
  max_rps: z
    .number()
    .min(0.1)
    .max(100)
    .default(20)
    .describe('calls of one action in a second, in this account; Tencent allows 20'),
  timeout: duration()
    .refine((ms) => ms >= 1_000, 'must be at least 1s')
    .default(MINUTE_MS / 2)
    .describe('one call to Tencent Cloud'),
  ...WIRE,
});

/** As the code wants it. */
export function commonOf({ site, region, ...common }: z.infer<typeof COMMON>) {
  const { time_zone: timeZone, max_rps: maxRps, timeout: timeoutMs } = common;
  return { site, region, timeZone, maxRps, timeoutMs, wire: wireSettings(common) };
}

/** A Tencent Cloud account's own keys in YAML. */
export const Settings = z
  .strictObject({
    auth: AuthSettings.prefault({ environment: {} }).describe(
      'where credentials come from; without it: TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY',
    ),
    endpoint: Endpoint.optional().describe('something other than the real Tencent Cloud'),
    ...COMMON.shape,
  })
  .transform(({ auth, endpoint, ...common }) => ({ auth, endpoint, ...commonOf(common) }));

/** `hub`: the organisation whose way in it shares; never written in YAML. */
export type Settings = z.infer<typeof Settings> & { readonly hub?: string };

/** The SDK has room for a scheme, a host and a port only. */
function isPlainUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, username, password, pathname, search } = new URL(value);
  const isBare = pathname === '/' && search === '' && username === '' && password === '';
  return (protocol === 'http:' || protocol === 'https:') && isBare;
}
