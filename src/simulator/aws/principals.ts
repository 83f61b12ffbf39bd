import type { Instant } from '../../domain/instant.ts';
import { allows } from '../allow.ts';
import type { Random } from '../random.ts';
import type { WireRequest } from '../wire.ts';
import { AwsError } from './aws-error.ts';
import type { AwsService } from './aws-query.ts';
import type { Allow, Identity, Role } from './model.ts';
import { readSignature, verifySignature, verifySkew } from './sigv4.ts';
import { identityArn, secretOf, type World } from './world.ts';

/** Whoever signed: a user or root with static keys, or a session of a role. */
export interface Principal {
  readonly arn: string;
  readonly accountId: string;
  /** As GetCallerIdentity tells it. */
  readonly userId: string;
  readonly isSession: boolean;
  /** The user, where it is one: ListAccessKeys and GetUser ask about the caller by default. */
  readonly identity: Identity | undefined;
  allow(): Allow;
  /** What the session's own policy leaves of that. */
  readonly policy: Allow;
}

export interface Session {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly token: string;
  /** Real time: SDKs look at the machine's clock to see when they must renew it. */
  readonly expiresAt: Instant;
  readonly principal: Principal;
}

export interface Gate {
  readonly world: World;
  readonly sessions: Map<string, Session>;
  readonly checksSkew: boolean;
  /** For session key ids only: calls must not disturb the ids that mutations give. */
  readonly random: Random;
  wallNow(): Instant;
}

/** Who signed this request, or the error that AWS answers. */
export function authenticate(gate: Gate, request: WireRequest, service: AwsService): Principal {
  const signature = readSignature(request);
  const known = gate.sessions.get(signature.accessKeyId) ?? staticKey(gate.world, signature.accessKeyId);
  if (known === undefined || known.token !== signature.sessionToken)
    throw new AwsError(403, 'InvalidClientTokenId', 'The security token included in the request is invalid.');
  verifySignature(request, signature, known.secretAccessKey, service);
  if (gate.checksSkew) verifySkew(signature, gate.wallNow());
  if (known.expiresAt !== undefined && known.expiresAt <= gate.wallNow()) throw expiredToken();
  return known.principal;
}

export function expiredToken(): AwsError {
  return new AwsError(403, 'ExpiredToken', 'The security token included in the request is expired');
}

export function sessionPrincipal(
  world: World,
  accountId: string,
  role: Role,
  sessionName: string,
  policy: Allow,
): Principal {
  return {
    arn: `arn:${world.partition}:sts::${accountId}:assumed-role/${role.name}/${sessionName}`,
    accountId,
    userId: `${role.id}:${sessionName}`,
    isSession: true,
    identity: undefined,
    allow: () => role.allow,
    policy,
  };
}

export function isAllowed(principal: Principal, action: string, resource?: string): boolean {
  return allows(principal.allow(), action, resource) && allows(principal.policy, action, resource);
}

interface KnownKey {
  readonly secretAccessKey: string;
  readonly token: undefined;
  readonly expiresAt: undefined;
  readonly principal: Principal;
}

function staticKey(world: World, accessKeyId: string): KnownKey | undefined {
  const owner = world.keyOwners.get(accessKeyId);
  if (owner === undefined || !owner.key.active) return undefined;
  const { account, identity } = owner;
  const principal: Principal = {
    arn: identityArn(world, account, identity),
    accountId: account.id,
    userId: identity.id,
    isSession: false,
    identity,
    allow: () => identity.allow,
    policy: '*',
  };
  return { secretAccessKey: secretOf(world, accessKeyId), token: undefined, expiresAt: undefined, principal };
}
