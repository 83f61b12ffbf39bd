import { createHash, randomBytes } from 'node:crypto';
import { Fault } from '../../domain/fault.ts';
import { formatSecond } from '../../kit/whole-second.ts';
import { type Allow, type Asking, isTrusted, readPolicy } from '../allow.ts';
import { AwsError, accessDenied, validationError } from './aws-error.ts';
import type { Form, Xml } from './aws-query.ts';
import type { Role } from './model.ts';
import { type Gate, isAllowed, type Principal, type Session, sessionPrincipal } from './principals.ts';
import { newId } from './world.ts';

interface StsCall {
  readonly gate: Gate;
  readonly principal: Principal;
  readonly form: Form;
}

type StsAction = (call: StsCall) => Xml;

export const STS_ACTIONS: ReadonlyMap<string, StsAction> = new Map<string, StsAction>([
  ['GetCallerIdentity', getCallerIdentity],
  ['AssumeRole', assumeRole],
]);

const ROLE_ARN = /^arn:[a-z-]+:iam::(\d{12}):role\/(?:.*\/)?([\w+=,.@-]+)$/;

/** The account that a role's ARN names. */
export function accountOfRole(arn: string | undefined): string | undefined {
  return ROLE_ARN.exec(arn ?? '')?.[1];
}

function getCallerIdentity({ principal }: StsCall): Xml {
  return { Arn: principal.arn, UserId: principal.userId, Account: principal.accountId };
}

function assumeRole({ gate, principal, form }: StsCall): Xml {
  const arn = form.get('RoleArn') ?? '';
  const sessionName = form.get('RoleSessionName') ?? '';
  if (!ROLE_ARN.test(arn)) throw validationError(`${arn} is invalid`);
  if (!/^[\w+=,.@-]{2,64}$/.test(sessionName)) throw invalid(sessionName, 'roleSessionName', 'regular expression');
  const role = findRole(gate, arn);
  // A role that is not there and one that does not trust the caller get the same answer.
  const action = 'sts:AssumeRole';
  const asking = { action, names: namesOf(gate, principal), externalId: form.get('ExternalId') };
  if (role === undefined || !isTrusted(role, asking) || !isAllowed(principal, action, arn))
    throw accessDenied(principal.arn, action, arn);
  if (form.has('Tags.member.1.Key')) mayTag(role, asking, principal, arn);
  const seconds = sessionSeconds(form, role, principal);
  const made = sessionPrincipal(gate.world, accountOfRole(arn) ?? '', role, sessionName, policyOf(form));
  return answerOf(openSession(gate, made, seconds));
}

/** Tags are an action of their own, for whoever asks and in the role's trust. */
function mayTag(role: Role, asking: Asking, principal: Principal, arn: string): void {
  const action = 'sts:TagSession';
  if (!isTrusted(role, { ...asking, action }) || !isAllowed(principal, action, arn))
    throw accessDenied(principal.arn, action, arn);
}

function findRole({ world }: Gate, arn: string): Role | undefined {
  const [, accountId = '', name = ''] = ROLE_ARN.exec(arn) ?? [];
  if (!arn.startsWith(`arn:${world.partition}:`)) return undefined;
  return world.accounts.get(accountId)?.roles.get(name);
}

/** A session is trusted by its own name, by that of its role, and by its account's. */
function namesOf({ world }: Gate, { arn, accountId }: Principal): readonly string[] {
  const role = /^arn:[^:]+:sts::\d+:assumed-role\/([^/]+)\//.exec(arn)?.[1];
  const wholeAccount = `arn:${world.partition}:iam::${accountId}:root`;
  return [arn, wholeAccount, ...(role === undefined ? [] : [`arn:${world.partition}:iam::${accountId}:role/${role}`])];
}

/** What is handed over with the call can only take away. */
function policyOf(form: Form): Allow {
  const text = form.get('Policy');
  if (text === undefined) return '*';
  try {
    return readPolicy(JSON.parse(text));
  } catch (problem) {
    if (!(problem instanceof SyntaxError) && !(problem instanceof Fault)) throw problem;
    throw new AwsError(400, 'MalformedPolicyDocument', 'This policy contains invalid Json');
  }
}

function sessionSeconds(form: Form, role: Role, principal: Principal): number {
  const text = form.get('DurationSeconds') ?? '3600';
  const seconds = Number(text);
  if (!/^\d+$/.test(text) || seconds < 900)
    throw invalid(text, 'durationSeconds', 'Member must have value greater than or equal to 900');
  if (principal.isSession && seconds > 3_600)
    throw validationError(
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
    );
  if (seconds > role.maxSessionSeconds)
    throw validationError('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
  return seconds;
}

function openSession(gate: Gate, principal: Principal, seconds: number): Session {
  const accessKeyId = newId(gate.random, 'ASIA');
  const token = randomBytes(192).toString('base64');
  const session: Session = {
    accessKeyId,
    secretAccessKey: createHash('sha256').update(token).digest('base64').slice(0, 40),
    token,
    expiresAt: gate.wallNow() + seconds * 1_000,
    principal,
  };
  gate.sessions.set(accessKeyId, session);
  if (gate.sessions.size % 1_000 === 0) forgetOld(gate);
  return session;
}

/** A session that is over for an hour is unknown; before that it is expired, which AWS answers differently. */
function forgetOld(gate: Gate): void {
  const limit = gate.wallNow() - 3_600_000;
  for (const [id, session] of gate.sessions) if (session.expiresAt < limit) gate.sessions.delete(id);
}

function answerOf(session: Session): Xml {
  return {
    AssumedRoleUser: { AssumedRoleId: session.principal.userId, Arn: session.principal.arn },
    Credentials: {
      AccessKeyId: session.accessKeyId,
      SecretAccessKey: session.secretAccessKey,
      SessionToken: session.token,
      Expiration: formatSecond(session.expiresAt),
    },
    PackedPolicySize: 6,
  };
}

function invalid(value: string, member: string, constraint: string): AwsError {
  return validationError(
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${constraint}`,
  );
}
