import type { Instant } from '../../domain/instant.ts';
import { allows } from '../allow.ts';
import type { Random } from '../random.ts';
import type { WireRequest } from '../wire.ts';
import type { Allow, TencentAccount, TencentUser } from './model.ts';
import { readSignature, verifySignature, verifySkew } from './tc3.ts';
import { TencentError } from './tencent-error.ts';
import { secretKeyOf, type TencentWorld, userArn } from './world.ts';

/** Whoever signed: a user with static keys, or a session of a role. */
export interface TencentPrincipal {
  readonly arn: string;
  readonly account: TencentAccount;
  readonly type: 'CAMUser' | 'CAMRole';
  readonly userId: string;
  /** The user, where it is one: ListAccessKeys asks about the caller by default. */
  readonly user: TencentUser | undefined;
  readonly allow: () => Allow;
  /** What the session's own policy leaves of that. */
  readonly policy: Allow;
}

export interface TencentSession {
  readonly secretId: string;
  readonly secretKey: string;
  readonly token: string;
  /** Real time: whoever holds it looks at the machine's clock. */
  readonly expiresAt: Instant;
  readonly principal: TencentPrincipal;
}

export interface TencentGate {
  readonly world: TencentWorld;
  readonly sessions: Map<string, TencentSession>;
  readonly checksSkew: boolean;
  /** Whether GetCallerIdentity needs its permission, which is not documented. */
  guardsIdentity: boolean;
  readonly random: Random;
  wallNow(): Instant;
}

/** Who signed this request, or the error that Tencent answers. */
export function authenticate(gate: TencentGate, request: WireRequest): TencentPrincipal {
  const signature = readSignature(request);
  const session = gate.sessions.get(signature.secretId);
  const known = session ?? staticKey(gate.world, signature.secretId);
  if (known === undefined)
    throw new TencentError('AuthFailure.SecretIdNotFound', 'The SecretId is not found, please ensure that it exists.');
  if (gate.checksSkew) verifySkew(signature, gate.wallNow());
  verifySignature(request, signature, known.secretKey);
  if (session !== undefined && (signature.token !== session.token || session.expiresAt <= gate.wallNow()))
    throw tokenFailure();
  return known.principal;
}

export function tokenFailure(): TencentError {
  return new TencentError('AuthFailure.TokenFailure', 'The token provided is invalid or has expired.');
}

export function isAllowed({ allow, policy }: TencentPrincipal, action: string, resource?: string): boolean {
  return allows(allow(), action, resource) && allows(policy, action, resource);
}

function staticKey(world: TencentWorld, secretId: string) {
  const owner = world.keyOwners.get(secretId);
  if (owner === undefined || !owner.key.active) return undefined;
  const { account, user } = owner;
  const principal: TencentPrincipal = {
    arn: userArn(account, user),
    account,
    type: 'CAMUser',
    userId: String(user.uin),
    user,
    allow: () => user.allow,
    policy: '*',
  };
  return { secretKey: secretKeyOf(world, secretId), principal };
}
