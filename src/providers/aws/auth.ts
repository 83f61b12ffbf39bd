import { z } from 'zod';
import { duration, liveText, secret, text } from '../../kit/schema.ts';
import type { Secret } from '../../kit/secret.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const MOST_TAGS = 50;

interface Session {
  readonly sessionName: string;
  readonly durationMs: number;
}

/** Where credentials come from. `base` signs the AssumeRole call. */
export type Auth =
  | { readonly kind: 'chain' }
  | { readonly kind: 'profile'; readonly profile: string }
  | { readonly kind: 'sso'; readonly profile: string }
  | {
      readonly kind: 'access_key';
      readonly accessKeyId: Secret;
      readonly secretAccessKey: Secret;
      readonly sessionToken: Secret | undefined;
    }
  | (Session & {
      readonly kind: 'assume_role';
      readonly role: string;
      readonly externalId: string | undefined;
      readonly tags: Readonly<Record<string, string>>;
      readonly transitiveTags: readonly string[];
      readonly base: Auth;
    })
  /** Role and file each from the variables that EKS sets, where it is left out. */
  | (Session & {
      readonly kind: 'web_identity';
      readonly role: string | undefined;
      readonly tokenFile: string | undefined;
    })
  /** Both from the variables that EKS sets, where they are left out. */
  | { readonly kind: 'pod_identity'; readonly endpoint: string | undefined; readonly tokenFile: string | undefined };

const ROLE_HINT =
  'must be a role name such as muster-audit, or an ARN such as arn:aws:iam::123456789012:role/muster-audit';

const RoleName = text().refine((role) => /^(?:arn:[^:]+:iam::\d{12}:role\/)?[\w+=,.@/-]{1,576}$/.test(role), ROLE_HINT);

const AccessKey = z.strictObject({
  access_key_id: liveText(),
  secret_access_key: secret(),
  session_token: secret().optional(),
});

const SESSION = {
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
};

const Tags = z
  .record(
    z
      .string()
      .regex(/^[\p{L}\p{Z}\p{N}_.:/=+@-]{1,128}$/u, 'must be a tag key of 1 to 128 letters, digits or _ . : / = + - @'),
    text().refine(
      (value) => /^[\p{L}\p{Z}\p{N}_.:/=+@-]{0,256}$/u.test(value),
      'must be a tag value of at most 256 letters, digits or _ . : / = + - @',
    ),
  )
  .refine((tags) => Object.keys(tags).length <= MOST_TAGS, `must be at most ${MOST_TAGS} tags`);

/** What is said of a session in the role of an account. */
export const ROLE_SESSION = {
  external_id: text()
    .refine((id) => /^[\w+=,.@:/-]{2,1224}$/.test(id), 'must be 2 to 1224 letters, digits or + = , . @ : / - _')
    .optional(),
  ...SESSION,
  tags: Tags.default({}).describe('session tags; the trust policy must allow sts:TagSession'),
  transitive_tags: z.array(z.string()).default([]).describe('keys of tags that go on to the next role of a chain'),
};

export const TRANSITIVE = { path: ['transitive_tags'], message: 'must name keys of tags' };

const AssumeRole = z
  .strictObject({
    role: RoleName,
    ...ROLE_SESSION,
    get base() {
      return AuthSettings.refine(isBase, 'a role on the way to another must be named by its ARN').optional();
    },
  })
  .refine(areTagged, TRANSITIVE);

export function areTagged(given: {
  readonly tags: Readonly<Record<string, string>>;
  readonly transitive_tags: readonly string[];
}): boolean {
  return given.transitive_tags.every((key) => Object.hasOwn(given.tags, key));
}

const WebIdentity = z
  .strictObject({ role: RoleName.optional(), token_file: text().optional(), ...SESSION })
  .describe('each without a value comes from AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE, which EKS sets (IRSA)');

const PodIdentity = z
  .strictObject({
    endpoint: text()
      .refine((url) => URL.canParse(url), 'must be a URL')
      .optional(),
    token_file: text().optional(),
  })
  .describe('each without a value comes from the AWS_CONTAINER_ variable that EKS Pod Identity sets');

export function isBase(base: Auth): boolean {
  const named = base.kind === 'assume_role' || base.kind === 'web_identity' ? base.role : undefined;
  return named === undefined || named.startsWith('arn:');
}

const WAYS = 'access_key, assume_role, chain, pod_identity, profile, sso and web_identity';

const Written = z.strictObject({
  assume_role: AssumeRole.optional(),
  access_key: AccessKey.optional(),
  web_identity: WebIdentity.optional(),
  pod_identity: PodIdentity.optional(),
  sso: z
    .string()
    .min(1)
    .optional()
    .describe('a profile of the AWS configuration files that signs in by IAM Identity Center'),
  profile: z.string().min(1).optional(),
  chain: z.strictObject({}).optional(),
});

export const AuthSettings: z.ZodType<Auth> = Written.meta({ maxProperties: 1 }) // an account's own way in replaces that of the defaults, it is not mixed with it
  .refine(
    (auth) => Object.values(auth).filter((value) => value !== undefined).length === 1,
    `must have exactly one of ${WAYS}`,
  )
  .transform(authOf);

type Given = z.output<typeof Written>;

function authOf(auth: Given): Auth {
  if (auth.assume_role !== undefined) return roleOf(auth.assume_role);
  if (auth.access_key !== undefined) {
    const {
      access_key_id: accessKeyId,
      secret_access_key: secretAccessKey,
      session_token: sessionToken,
    } = auth.access_key;
    return { kind: 'access_key', accessKeyId, secretAccessKey, sessionToken };
  }
  if (auth.web_identity !== undefined) {
    const {
      role,
      token_file: tokenFile,
      session_name: sessionName,
      duration: durationMs = HOUR_MS,
    } = auth.web_identity;
    return { kind: 'web_identity', role, tokenFile, sessionName, durationMs };
  }
  if (auth.pod_identity !== undefined) {
    const { endpoint, token_file: tokenFile } = auth.pod_identity;
    return { kind: 'pod_identity', endpoint, tokenFile };
  }
  if (auth.sso !== undefined) return { kind: 'sso', profile: auth.sso };
  return auth.profile === undefined ? { kind: 'chain' } : { kind: 'profile', profile: auth.profile };
}

function roleOf(given: z.output<typeof AssumeRole>): Auth {
  const { base = { kind: 'chain' }, ...rest } = given;
  return { kind: 'assume_role', role: rest.role, ...sessionOf(rest), base };
}

/** The part of a role's session that accounts and organisations write alike. */
export function sessionOf(given: {
  readonly external_id?: string | undefined;
  readonly session_name: string;
  readonly duration?: number | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly transitive_tags: readonly string[];
}) {
  return {
    externalId: given.external_id,
    sessionName: given.session_name,
    durationMs: given.duration ?? HOUR_MS,
    tags: given.tags,
    transitiveTags: given.transitive_tags,
  };
}
