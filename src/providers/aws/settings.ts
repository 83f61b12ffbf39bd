import { z } from 'zod';
import { duration, secret, text } from '../../kit/schema.ts';
import type { Secret } from '../../kit/secret.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Where credentials come from. `base` signs the AssumeRole call. */
export type Auth =
  | { readonly kind: 'chain' }
  | { readonly kind: 'profile'; readonly profile: string }
  | {
      readonly kind: 'access_key';
      readonly accessKeyId: string;
      readonly secretAccessKey: Secret;
      readonly sessionToken: Secret | undefined;
    }
  | {
      readonly kind: 'assume_role';
      readonly role: string;
      readonly externalId: string | undefined;
      readonly sessionName: string;
      readonly durationMs: number;
      readonly base: Auth;
    };

const ROLE_HINT =
  'must be a role name such as muster-audit, or an ARN such as arn:aws:iam::123456789012:role/muster-audit';

const AccessKey = z.strictObject({
  access_key_id: text(),
  secret_access_key: secret(),
  session_token: secret().optional(),
});

export const AssumeRole = z.strictObject({
  role: text().refine((role) => /^(?:arn:[^:]+:iam::\d{12}:role\/)?[\w+=,.@/-]{1,576}$/.test(role), ROLE_HINT),
  external_id: text()
    .refine((id) => /^[\w+=,.@:/-]{2,1224}$/.test(id), 'must be 2 to 1224 letters, digits or + = , . @ : / - _')
    .optional(),
  session_name: z
    .string()
    .regex(/^[\w+=,.@-]{2,64}$/, 'must be 2 to 64 letters, digits or + = , . @ - _')
    .default('muster'),
  duration: duration()
    .refine(
      (ms) => ms >= 15 * MINUTE_MS && ms <= 12 * HOUR_MS,
      'must be 15m to 12h; AWS allows a chained role 1h at most',
    )
    .optional(),
  get base() {
    return AuthSettings.refine(isBase, 'a role on the way to another must be named by its ARN').optional();
  },
});

export function isBase(base: Auth): boolean {
  return base.kind !== 'assume_role' || base.role.startsWith('arn:');
}

const ONE_OF = 'must have exactly one of assume_role, access_key, profile and chain';

export const AuthSettings: z.ZodType<Auth> = z
  .strictObject({
    assume_role: AssumeRole.optional(),
    access_key: AccessKey.optional(),
    profile: z.string().min(1).optional(),
    chain: z.strictObject({}).optional(),
  })
  .meta({ maxProperties: 1 }) // an account's own way in replaces that of the defaults, it is not mixed with it
  .refine((auth) => Object.values(auth).filter((value) => value !== undefined).length === 1, ONE_OF)
  .transform(authOf);

function authOf(auth: {
  readonly assume_role?: z.output<typeof AssumeRole> | undefined;
  readonly access_key?: z.output<typeof AccessKey> | undefined;
  readonly profile?: string | undefined;
}): Auth {
  if (auth.assume_role !== undefined) {
    const {
      role,
      external_id: externalId,
      session_name: sessionName,
      duration: durationMs = HOUR_MS,
      base,
    } = auth.assume_role;
    return { kind: 'assume_role', role, externalId, sessionName, durationMs, base: base ?? { kind: 'chain' } };
  }
  if (auth.access_key !== undefined) {
    const {
      access_key_id: accessKeyId,
      secret_access_key: secretAccessKey,
      session_token: sessionToken,
    } = auth.access_key;
    return { kind: 'access_key', accessKeyId, secretAccessKey, sessionToken };
  }
  return auth.profile === undefined ? { kind: 'chain' } : { kind: 'profile', profile: auth.profile };
}

export const Url = text().refine(isPlainUrl, 'must be an http or https URL without a user name or password');

interface Endpoints {
  readonly iam: string;
  readonly sts: string;
  /** Of every region. */
  readonly cloudtrail?: string | undefined;
}

const Endpoint: z.ZodType<Endpoints> = z
  .union([Url, z.strictObject({ iam: Url, sts: Url, cloudtrail: Url.optional() })], {
    error: 'must be one http or https URL, or { iam: URL, sts: URL }',
  })
  .transform((endpoint) =>
    typeof endpoint === 'string' ? { iam: endpoint, sts: endpoint, cloudtrail: endpoint } : endpoint,
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
    maxRps: settings.max_rps,
    timeoutMs: settings.timeout,
  }));

/** `hub`: the organisation whose way in it shares; never written in YAML. */
export type Settings = z.infer<typeof Settings> & { readonly hub?: string };

function isPlainUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const url = new URL(value);
  return (url.protocol === 'http:' || url.protocol === 'https:') && url.username === '' && url.password === '';
}
