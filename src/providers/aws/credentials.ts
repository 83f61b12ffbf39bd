import type * as StsSdk from '@aws-sdk/client-sts';
import type { Clock } from '../../domain/clock.ts';
import { Fault } from '../../domain/fault.ts';
import type { Agents } from '../../kit/agents.ts';
import { withDeadline } from '../../kit/deadline.ts';
import { asShared, sharedWay } from '../../kit/shared-way.ts';
import { RoleAnswer } from './answers.ts';
import type { Auth } from './auth.ts';
import { readAnswer } from './call.ts';
import {
  chainKeys,
  clusterRole,
  type ProviderWire,
  podKeys,
  profileKeys,
  readTokenFile,
  ssoKeys,
} from './environment.ts';
import { type Asked, faultOf, meansStaleCredentials, subjectOf } from './faults.ts';
import { roleArn } from './partition.ts';
import { hubSessionPolicy, sessionPolicy } from './permissions.ts';
import { type Credentials, type KeySet, remembered } from './remembered.ts';
import type { Settings } from './settings.ts';

export interface CredentialParts {
  readonly accountId: string;
  readonly settings: Settings;
  readonly stsSdk: typeof StsSdk;
  /** For a client of its own, which may be destroyed without harm to another's connections. */
  stsConfig(): StsSdk.STSClientConfig;
  agents(): Agents;
  readonly clock: Clock;
  /** Who it is in messages, when it is not the account itself. */
  readonly subject?: string;
  /** Who takes another role with these, or lists members: not who reads an account. */
  readonly isHub?: true;
}

/** Where an account's credentials come from, remembered at each step of a chain of roles. */
export function credentialsOf(auth: Auth, parts: CredentialParts): Credentials {
  return remembered(lookUpOf(auth, parts), parts.clock);
}

/** As the SDK wants it. It would remember credentials that AWS has since refused; ours are remembered in one place only. */
export function unremembered(credentials: Credentials): NonNullable<StsSdk.STSClientConfig['credentials']> {
  return Object.assign(() => credentials.get(), { memoized: true });
}

const hubs = new WeakMap<Auth, Credentials>();

/** One way in for all members of an organisation: the same object of its settings, looked up once. */
export function hubCredentials(auth: Auth, name: string, parts: CredentialParts): Credentials {
  const { hub: _, ...settings } = parts.settings;
  const subject = `organization ${name}`;
  return sharedWay(hubs, auth, () => credentialsOf(auth, { ...parts, settings, subject, isHub: true }));
}

function lookUpOf(auth: Auth, parts: CredentialParts): (isRefused: boolean) => Promise<KeySet> {
  switch (auth.kind) {
    case 'chain':
      return () => found("the SDK's credential chain", parts, chainKeys);
    case 'profile':
      return () =>
        found(`the profile ${JSON.stringify(auth.profile)}`, parts, (wire) => profileKeys(auth.profile, wire));
    case 'sso':
      return () =>
        found(`the SSO profile ${JSON.stringify(auth.profile)}`, parts, (wire) => ssoKeys(auth.profile, wire));
    case 'pod_identity':
      return () => found('EKS Pod Identity', parts, () => podKeys(auth));
    case 'access_key':
      return (isRefused) => staticKeys(auth, isRefused);
    case 'web_identity':
      return () => webIdentity(auth, parts);
    case 'assume_role': {
      const { hub } = parts.settings;
      const base =
        hub === undefined ? credentialsOf(auth.base, { ...parts, isHub: true }) : hubCredentials(auth.base, hub, parts);
      return () => assumeRole(auth, base, parts);
    }
  }
}

/** What the SDK's own providers find on this machine; their connections end with the look-up. */
async function found(action: string, parts: CredentialParts, look: (wire: ProviderWire) => Promise<KeySet>) {
  const { region, endpoint, timeoutMs } = parts.settings;
  const agents = parts.agents();
  const alone = new AbortController().signal;
  const keys = withDeadline(alone, timeoutMs, () => look({ region, endpoint, timeoutMs, agents }));
  return orFault(keys, { ...nobody(parts), action }).finally(() => agents.destroy());
}

/** Each from its reference as it is now: keys that were rotated are used at the next call. */
async function staticKeys(auth: Extract<Auth, { kind: 'access_key' }>, isRefused: boolean): Promise<KeySet> {
  const sessionToken = await auth.sessionToken?.current(isRefused);
  return {
    accessKeyId: await auth.accessKeyId.current(isRefused),
    secretAccessKey: await auth.secretAccessKey.current(isRefused),
    ...(sessionToken === undefined ? {} : { sessionToken }),
    isLive: true,
  };
}

/** The token says who calls, so nobody signs. */
async function webIdentity(auth: Extract<Auth, { kind: 'web_identity' }>, parts: CredentialParts): Promise<KeySet> {
  const cluster = clusterRole();
  const { role = cluster.role, tokenFile = cluster.tokenFile } = auth;
  const asked = { ...nobody(parts), action: 'sts:AssumeRoleWithWebIdentity' };
  if (role === undefined || tokenFile === undefined) {
    const wanted = 'give role and token_file, or run where EKS sets AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE';
    throw new Fault('denied', `${subjectOf(asked)}: auth.web_identity is not whole; ${wanted}`);
  }
  const { accountId, settings, stsSdk } = parts;
  const command = new stsSdk.AssumeRoleWithWebIdentityCommand({
    RoleArn: roleArn(role, accountId, settings.region),
    WebIdentityToken: await readTokenFile(tokenFile, subjectOf(asked)),
    ...sessionParameters(auth, parts),
  });
  return issued(parts, {}, asked, (client, options) => client.send(command, options));
}

async function assumeRole(role: Extract<Auth, { kind: 'assume_role' }>, base: Credentials, parts: CredentialParts) {
  const { accountId, settings, stsSdk } = parts;
  const tags = Object.entries(role.tags).map(([Key, Value]) => ({ Key, Value }));
  const asked = { ...nobody(parts), action: 'sts:AssumeRole', isTagged: tags.length > 0 };
  const { accessKeyId: baseKeyId } = await base.get();
  const command = new stsSdk.AssumeRoleCommand({
    RoleArn: roleArn(role.role, accountId, settings.region),
    ...sessionParameters(role, parts),
    ...(role.externalId === undefined ? {} : { ExternalId: role.externalId }),
    ...(tags.length === 0 ? {} : { Tags: tags }),
    ...(role.transitiveTags.length === 0 ? {} : { TransitiveTagKeys: [...role.transitiveTags] }),
  });
  const signer = { credentials: unremembered(base) };
  let isBaseRefused = false;
  const seen = (error: unknown) => {
    isBaseRefused = meansStaleCredentials(error);
    if (isBaseRefused) base.forget(baseKeyId);
  };
  return issued(parts, signer, asked, (client, options) => client.send(command, options), seen).catch(
    (fault: unknown) => {
      const { hub } = settings;
      if (!isBaseRefused || hub === undefined || !(fault instanceof Fault)) throw fault;
      throw asShared(faultOf(fault.cause, { ...asked, subject: `organization ${hub}` }));
    },
  );
}

/** The session may do what a report needs and nothing else; one on the way to another role, or a hub's, must do more. */
function sessionParameters(
  { sessionName, durationMs }: { readonly sessionName: string; readonly durationMs: number },
  { isHub }: CredentialParts,
) {
  return {
    RoleSessionName: sessionName,
    DurationSeconds: Math.floor(durationMs / 1_000),
    Policy: isHub === true ? hubSessionPolicy() : sessionPolicy(),
  };
}

/** Several callers may wait for this one answer, so none of their signals ends it; its own deadline does. */
async function issued(
  parts: CredentialParts,
  signer: Pick<StsSdk.STSClientConfig, 'credentials'>,
  asked: Asked,
  ask: (client: StsSdk.STSClient, options: { readonly abortSignal: AbortSignal }) => Promise<unknown>,
  seen?: (error: unknown) => void,
): Promise<KeySet> {
  const client = new parts.stsSdk.STSClient({ ...parts.stsConfig(), ...signer });
  const alone = new AbortController().signal;
  const send = withDeadline(alone, parts.settings.timeoutMs, (abortSignal) => ask(client, { abortSignal }));
  const sent = await orFault(send, asked, seen).finally(() => client.destroy());
  const { Credentials: made } = readAnswer({ answer: RoleAnswer }, sent, asked);
  return {
    accessKeyId: made.AccessKeyId,
    secretAccessKey: made.SecretAccessKey,
    sessionToken: made.SessionToken,
    expiration: made.Expiration,
  };
}

function nobody({ accountId, subject }: CredentialParts): Omit<Asked, 'action'> {
  return { accountId, principal: undefined, ...(subject === undefined ? {} : { subject }) };
}

async function orFault<T>(work: Promise<T>, asked: Asked, seen?: (error: unknown) => void): Promise<T> {
  try {
    return await work;
  } catch (error) {
    seen?.(error);
    throw faultOf(error, asked);
  }
}
