import { createHash, randomBytes } from 'node:crypto';
import type { Instant } from '../../domain/instant.ts';
import { allows } from '../allow.ts';
import type { Random } from '../random.ts';
import type { WireRequest } from '../wire.ts';
import { readSignature, verifySignature, verifySkew } from './acs3.ts';
import { AlibabaError } from './alibaba-error.ts';
import { type Allow, type Identity, identityArn, type Role } from './model.ts';
import { secretOf, type World } from './world.ts';

const MOST_NONCES = 100_000;

/** Whoever signed: a user or root with static keys, or a session of a role. */
export interface Principal {
  readonly arn: string;
  readonly accountId: string;
  readonly principalId: string;
  readonly role: Role | undefined;
  readonly identity: Identity | undefined;
  readonly allow: () => Allow;
  /** What the session's own policy leaves of that. */
  readonly policy: Allow;
}

export interface Session {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly token: string;
  /** Real time: SDKs look at the machine's clock to see when they must renew it. */
  readonly expiresAt: Instant;
  readonly principal: Principal;
}

export interface Gate {
  readonly world: World;
  readonly sessions: Map<string, Session>;
  readonly nonces: Set<string>;
  readonly checksSkew: boolean;
  /** Tokens of OIDC providers, by the provider's ARN. */
  readonly oidcTokens: Map<string, string>;
  /** Permissions that are not called `ram:` and the action; the prefix of some is not documented. */
  readonly spelled: Map<string, string>;
  readonly random: Random;
  wallNow(): Instant;
}

/** Who signed this request, or the error that Alibaba Cloud answers. */
export function authenticate(gate: Gate, request: WireRequest): Principal {
  const signature = readSignature(request);
  const known = gate.sessions.get(signature.accessKeyId) ?? staticKey(gate.world, signature.accessKeyId);
  if (known === undefined)
    throw new AlibabaError(404, 'InvalidAccessKeyId.NotFound', 'Specified access key is not found.');
  if (known.token !== signature.securityToken)
    throw new AlibabaError(400, 'InvalidSecurityToken.MismatchWithAccessKey', 'The security token does not match.');
  verifySignature(request, signature, known.accessKeySecret);
  if (gate.checksSkew) verifySkew(signature, gate.wallNow());
  if (known.expiresAt !== undefined && known.expiresAt <= gate.wallNow()) throw expiredToken();
  if (gate.nonces.has(signature.nonce))
    throw new AlibabaError(400, 'SignatureNonceUsed', 'Specified signature nonce was used already.');
  if (gate.nonces.size > MOST_NONCES) gate.nonces.clear();
  gate.nonces.add(signature.nonce);
  return known.principal;
}

export function expiredToken(): AlibabaError {
  return new AlibabaError(400, 'InvalidSecurityToken.Expired', 'The specified SecurityToken is expired.');
}

export function isAllowed({ allow, policy }: Principal, action: string, resource?: string): boolean {
  return allows(allow(), action, resource) && allows(policy, action, resource);
}

/** A session that anybody with its token may use until it is over. */
export function openSession(gate: Gate, principal: Principal, seconds: number): Session {
  const token = `CAIS${randomBytes(150).toString('base64')}`;
  const session: Session = {
    accessKeyId: `STS.${gate.random.text('ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789', 24)}`,
    accessKeySecret: createHash('sha256').update(token).digest('base64url'),
    token,
    expiresAt: gate.wallNow() + seconds * 1_000,
    principal,
  };
  gate.sessions.set(session.accessKeyId, session);
  return session;
}

interface KnownKey {
  readonly accessKeySecret: string;
  readonly token: undefined;
  readonly expiresAt: undefined;
  readonly principal: Principal;
}

function staticKey(world: World, accessKeyId: string): KnownKey | undefined {
  const owner = world.keyOwners.get(accessKeyId);
  if (owner === undefined) return undefined;
  const { account, identity, key } = owner;
  if (!key.active) throw new AlibabaError(403, 'InvalidAccessKeyId.Inactive', 'Specified access key is disabled.');
  const principal: Principal = {
    arn: identityArn(account, identity),
    accountId: account.id,
    principalId: identity.id,
    role: undefined,
    identity,
    allow: () => identity.allow,
    policy: '*',
  };
  return { accessKeySecret: secretOf(world, accessKeyId), token: undefined, expiresAt: undefined, principal };
}
