import type * as Sdk from '@aws-sdk/client-secrets-manager';
import { z } from 'zod';
import { Fault, type FaultKind } from '../domain/fault.ts';
import { agentsOf } from '../kit/agents.ts';
import { withDeadline } from '../kit/deadline.ts';
import { routeOf } from '../kit/route.ts';
import { wireTrouble } from '../kit/wire-trouble.ts';
import { kept } from './kept.ts';
import type { SecretStore, SecretStorePlugin, SecretStoreTools } from './store.ts';

const TIMEOUT_MS = 15_000;
// A name may hold / _ + = . @ - and an ARN colons; what is behind the # is a key of the JSON that the secret is.
const NAME = /^[\w/+=.@:-]{1,2048}(?:#[^#]+)?$/;

export const awsSecretsManager: SecretStorePlugin = {
  scheme: 'aws-sm',
  hint: '${aws-sm:name-or-arn} or ${aws-sm:name-or-arn#json-key}',
  isName: (name) => NAME.test(name),
  open,
};

const Answer = z.object({ SecretString: z.string().optional() });

/** Credentials and region as the SDK finds them; the region of an ARN is its own. */
function open({ env, clock }: SecretStoreTools): SecretStore {
  const clients = new Map<string, Promise<Client>>();
  const read = kept(async (id) => {
    const region = /^arn:[^:]+:secretsmanager:([^:]+):/.exec(id)?.[1];
    const client = clients.get(region ?? '') ?? clientOf(region, env);
    clients.set(region ?? '', client);
    return ask(id, await client);
  }, clock);
  return {
    async read(name, isRefused) {
      const [id = '', key] = name.split('#');
      const text = await read(id, isRefused);
      return key === undefined ? text : member(text, id, key);
    },
  };
}

interface Client {
  readonly sdk: typeof Sdk;
  readonly client: Sdk.SecretsManagerClient;
}

async function clientOf(region: string | undefined, env: NodeJS.ProcessEnv): Promise<Client> {
  const sdk = await import('@aws-sdk/client-secrets-manager');
  const { http, https } = agentsOf(routeOf({ proxy: undefined, noProxy: undefined, caFile: undefined }, env));
  const client = new sdk.SecretsManagerClient({
    ...(region === undefined ? {} : { region }),
    maxAttempts: 3,
    userAgentAppId: 'muster',
    requestHandler: {
      connectionTimeout: 5_000,
      requestTimeout: 7_000,
      throwOnRequestTimeout: true,
      httpAgent: http,
      httpsAgent: https,
    },
  });
  return { sdk, client };
}

async function ask(id: string, { sdk, client }: Client): Promise<string> {
  const command = new sdk.GetSecretValueCommand({ SecretId: id });
  const alone = new AbortController().signal;
  const sent = await withDeadline(alone, TIMEOUT_MS, (abortSignal) => client.send(command, { abortSignal })).catch(
    (error: unknown) => {
      throw faultOf(error, id);
    },
  );
  const { SecretString: text } = Answer.parse(sent);
  if (text === undefined || text === '') throw new Fault('misconfigured', `${named(id)} holds no text`);
  return text;
}

function member(text: string, id: string, key: string): string {
  const value = fields(text)?.[key];
  if (typeof value === 'string' && value !== '') return value;
  if (typeof value === 'number') return String(value);
  throw new Fault('misconfigured', `${named(id)} is not JSON with a text under ${JSON.stringify(key)}`);
}

/** The text is a secret: an error of the parser would quote it. */
function fields(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
      ? Object.fromEntries(Object.entries(parsed))
      : undefined;
  } catch {
    return undefined;
  }
}

function named(id: string): string {
  return `the secret ${id} of AWS Secrets Manager`;
}

const WHYS: Readonly<Record<string, readonly [kind: FaultKind, why: string]>> = {
  ResourceNotFoundException: ['misconfigured', 'does not exist in this region and account'],
  InvalidRequestException: ['misconfigured', 'is marked for deletion, or may not be read this way'],
  InvalidParameterException: ['misconfigured', 'is not a name or an ARN'],
  ValidationException: ['misconfigured', 'is not a name or an ARN'],
  AccessDeniedException: ['denied', 'is denied to us: allow secretsmanager:GetSecretValue on it'],
  DecryptionFailure: ['denied', 'cannot be decrypted: allow kms:Decrypt with its key'],
  CredentialsProviderError: ['denied', 'was not asked for: the SDK found no credentials of AWS on this machine'],
  ThrottlingException: ['throttled', 'was not told: AWS asked us to slow down'],
};

function faultOf(error: unknown, id: string): Fault {
  const { name, message } = error as { readonly name?: unknown; readonly message?: unknown };
  const code = typeof name === 'string' ? name : 'Error';
  const trouble = wireTrouble(error);
  if (trouble !== undefined) return new Fault(trouble.kind, `${named(id)} ${trouble.what}`, { cause: error });
  if (typeof message === 'string' && message.startsWith('Region is missing')) {
    return new Fault('misconfigured', `${named(id)} has no region: set AWS_REGION, or write its ARN`, { cause: error });
  }
  const [kind, why] = WHYS[code] ?? ['unreachable', `was not told (${code})`];
  return new Fault(kind, `${named(id)} ${why}`, { cause: error });
}
