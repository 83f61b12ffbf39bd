import { z } from 'zod';
import { duration, liveText, secret, text } from '../../kit/schema.ts';
import type { Secret } from '../../kit/secret.ts';
import { Url } from './endpoints.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

interface Role {
  readonly role: string;
  readonly sessionName: string;
  readonly durationMs: number;
}

/** Where credentials come from. `base` signs the AssumeRole call. */
export type Auth =
  | { readonly kind: 'chain' }
  | {
      readonly kind: 'access_key';
      readonly accessKeyId: Secret;
      readonly accessKeySecret: Secret;
      readonly securityToken: Secret | undefined;
    }
  | (Role & { readonly kind: 'assume_role'; readonly externalId: string | undefined; readonly base: Auth })
  | { readonly kind: 'ecs_ram_role'; readonly role: string | undefined; readonly metadata: string }
  | {
      readonly kind: 'oidc';
      /** Each from the variables that ACK sets, where it is left out. */
      readonly role: string | undefined;
      readonly providerArn: string | undefined;
      readonly tokenFile: string | undefined;
      readonly sessionName: string;
      readonly durationMs: number;
    }
  | { readonly kind: 'credentials_uri'; readonly uri: string };

const METADATA = 'http://100.100.100.200';
const ROLE_HINT =
  'must be a role name such as muster-audit, or an ARN such as acs:ram::1234567890123456:role/muster-audit';

const RoleName = text().refine((role) => /^(?:acs:ram::\d{5,20}:role\/)?[\w.-]{1,64}$/i.test(role), ROLE_HINT);

const SessionName = z
  .string()
  .regex(/^[\w.@-]{2,64}$/, 'must be 2 to 64 letters, digits or . @ - _')
  .default('muster');

const SessionDuration = duration()
  .refine(
    (ms) => ms >= 15 * MINUTE_MS && ms <= 12 * HOUR_MS,
    'must be 15m to 12h, and not longer than the role allows (1h where nobody changed it)',
  )
  .default(HOUR_MS);

const AccessKey = z.strictObject({
  access_key_id: liveText(),
  access_key_secret: secret(),
  security_token: secret().optional(),
});

export const AssumeRole = z.strictObject({
  role: RoleName,
  external_id: text()
    .refine((id) => /^[\w+=,.@:/-]{2,1224}$/.test(id), 'must be 2 to 1224 letters, digits or + = , . @ : / - _')
    .optional(),
  session_name: SessionName,
  duration: SessionDuration,
  get base() {
    return AuthSettings.refine(isBase, 'a role on the way to another must be named by its ARN').optional();
  },
});

/** Who takes a role elsewhere must say whose role it is itself. */
export function isBase(base: Auth): boolean {
  const named = base.kind === 'assume_role' || base.kind === 'oidc' ? base.role : undefined;
  return named === undefined || named.startsWith('acs:');
}

const Oidc = z
  .strictObject({
    role: RoleName.optional(),
    provider_arn: text()
      .refine(
        (arn) => /^acs:ram::\d{5,20}:oidc-provider\/[\w.-]{1,128}$/i.test(arn),
        'must be an ARN such as acs:ram::1234567890123456:oidc-provider/ack-rrsa',
      )
      .optional(),
    token_file: text().optional(),
    session_name: SessionName,
    duration: SessionDuration,
  })
  .describe('each without a value comes from the ALIBABA_CLOUD_ variable that the cluster sets');

const EcsRole = z.strictObject({
  role: text().optional().describe('without it: the one that the machine has'),
  metadata: Url.default(METADATA),
});

const WAYS = 'access_key, assume_role, ecs_ram_role, oidc, credentials_uri and chain';

export const AuthSettings: z.ZodType<Auth> = z
  .strictObject({
    access_key: AccessKey.optional(),
    assume_role: AssumeRole.optional(),
    ecs_ram_role: EcsRole.optional(),
    oidc: Oidc.optional(),
    credentials_uri: Url.optional(),
    chain: z.strictObject({}).optional(),
  })
  .meta({ maxProperties: 1 }) // an account's own way in replaces that of the defaults, it is not mixed with it
  .refine(
    (auth) => Object.values(auth).filter((value) => value !== undefined).length === 1,
    `must have exactly one of ${WAYS}`,
  )
  .transform(authOf);

interface Given {
  readonly access_key?: z.output<typeof AccessKey> | undefined;
  readonly assume_role?: z.output<typeof AssumeRole> | undefined;
  readonly ecs_ram_role?: z.output<typeof EcsRole> | undefined;
  readonly oidc?: z.output<typeof Oidc> | undefined;
  readonly credentials_uri?: string | undefined;
}

function authOf({ access_key, assume_role, ecs_ram_role, oidc, credentials_uri: uri }: Given): Auth {
  if (access_key !== undefined) {
    const {
      access_key_id: accessKeyId,
      access_key_secret: accessKeySecret,
      security_token: securityToken,
    } = access_key;
    return { kind: 'access_key', accessKeyId, accessKeySecret, securityToken };
  }
  if (assume_role !== undefined) {
    const { role, external_id: externalId, session_name: sessionName, duration: durationMs, base } = assume_role;
    return { kind: 'assume_role', role, externalId, sessionName, durationMs, base: base ?? { kind: 'chain' } };
  }
  if (oidc !== undefined) {
    const { role, provider_arn: providerArn, token_file: tokenFile, session_name: sessionName } = oidc;
    return { kind: 'oidc', role, providerArn, tokenFile, sessionName, durationMs: oidc.duration };
  }
  if (ecs_ram_role !== undefined) {
    return { kind: 'ecs_ram_role', role: ecs_ram_role.role, metadata: ecs_ram_role.metadata };
  }
  return uri === undefined ? { kind: 'chain' } : { kind: 'credentials_uri', uri };
}
