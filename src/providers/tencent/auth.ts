import { z } from 'zod';
import { liveText, secret, text } from '../../kit/schema.ts';
import type { Secret } from '../../kit/secret.ts';

/** Where credentials come from. `base` signs the AssumeRole call. */
export type Auth =
  | { readonly kind: 'environment' }
  | {
      readonly kind: 'secret';
      readonly secretId: Secret;
      readonly secretKey: Secret;
      readonly token: Secret | undefined;
    }
  | {
      readonly kind: 'assume_role';
      readonly role: string;
      readonly externalId: string | undefined;
      readonly sessionName: string;
      readonly base: Auth;
    }
  | { readonly kind: 'cvm_role'; readonly role: string | undefined; readonly metadata: string }
  | {
      readonly kind: 'oidc';
      /** Each from the variables that TKE sets, where it is left out. */
      readonly role: string | undefined;
      readonly providerId: string | undefined;
      readonly tokenFile: string | undefined;
      readonly sessionName: string;
    };

const METADATA = 'http://metadata.tencentyun.com';
const ROLE_HINT =
  'must be a role name such as muster-audit, or an ARN such as qcs::cam::uin/100012345678:roleName/muster-audit';
const ONE_OF = 'must have exactly one of assume_role, cvm_role, environment, oidc and secret';

const SecretKeys = z.strictObject({ secret_id: liveText(), secret_key: secret(), token: secret().optional() });

const SessionName = z
  .string()
  .regex(/^[\w+=,.@-]{2,128}$/, 'must be 2 to 128 letters, digits or + = , . @ - _')
  .default('muster');

const Role = text().refine(
  (role) => /^(?:qcs::cam::uin\/\d{5,20}:roleName\/)?[\w+=,.@-]{1,128}$/.test(role),
  ROLE_HINT,
);

export const AssumeRole = z.strictObject({
  role: Role,
  external_id: text()
    .refine((id) => /^[\w+=,.@:/-]{2,128}$/.test(id), 'must be 2 to 128 letters, digits or + = , . @ : / - _')
    .optional(),
  session_name: SessionName,
  get base() {
    return AuthSettings.refine(isBase, 'a role on the way to another must be named by its ARN').optional();
  },
});

const CvmRole = z.strictObject({
  role: z
    .string()
    .regex(/^[\w+=,.@-]{1,128}$/, 'must be the name of a role')
    .optional()
    .describe('without it: the one that the machine has'),
  metadata: text()
    .refine((url) => URL.canParse(url), 'must be a URL')
    .default(METADATA),
});

const Oidc = z
  .strictObject({
    role: Role.refine((role) => role.startsWith('qcs::'), 'must be the ARN of a role').optional(),
    provider_id: text().optional(),
    token_file: text().optional(),
    session_name: SessionName,
  })
  .describe('each without a value comes from the TKE_ variable that the cluster sets');

/** Who takes a role elsewhere must say whose role it is itself. */
export function isBase(base: Auth): boolean {
  return base.kind !== 'assume_role' || base.role.startsWith('qcs::');
}

const Written = z.strictObject({
  assume_role: AssumeRole.optional(),
  secret: SecretKeys.optional(),
  cvm_role: CvmRole.optional(),
  oidc: Oidc.optional(),
  environment: z.strictObject({}).optional(),
});

export const AuthSettings: z.ZodType<Auth> = Written.meta({ maxProperties: 1 }) // an account's own way in replaces that of the defaults, it is not mixed with it
  .refine((auth) => Object.values(auth).filter((value) => value !== undefined).length === 1, ONE_OF)
  .transform(authOf);

interface WrittenAuth {
  readonly assume_role?: z.output<typeof AssumeRole> | undefined;
  readonly secret?: z.output<typeof SecretKeys> | undefined;
  readonly cvm_role?: z.output<typeof CvmRole> | undefined;
  readonly oidc?: z.output<typeof Oidc> | undefined;
}

function authOf({ assume_role: assumed, secret: keys, cvm_role: machine, oidc }: WrittenAuth): Auth {
  if (assumed !== undefined) {
    const { role, external_id: externalId, session_name: sessionName, base = { kind: 'environment' } } = assumed;
    return { kind: 'assume_role', role, externalId, sessionName, base };
  }
  if (keys !== undefined) {
    return { kind: 'secret', secretId: keys.secret_id, secretKey: keys.secret_key, token: keys.token };
  }
  if (machine !== undefined) return { kind: 'cvm_role', role: machine.role, metadata: machine.metadata };
  if (oidc !== undefined) {
    const { role, provider_id: providerId, token_file: tokenFile, session_name: sessionName } = oidc;
    return { kind: 'oidc', role, providerId, tokenFile, sessionName };
  }
  return { kind: 'environment' };
}
