import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Account } from '../../src/domain/account.ts';
import { Secret } from '../../src/kit/secret.ts';
import { aws } from '../../src/providers/aws/index.ts';
import type { Connection } from '../../src/providers/provider.ts';
import { temporaryFolder } from '../kit/folder.ts';
import { type HttpServer, httpServer, type Reply } from '../kit/http-server.ts';
import { type MovableClock, movableClock } from '../kit/movable-clock.ts';
import { ok } from '../kit/scripted-aws.ts';

const signal = new AbortController().signal;
const ID = '123456789012';
const HOUR_MS = 3_600_000;
const KEYS = {
  access_key: { access_key_id: 'AKIDHUB', secret_access_key: new Secret('s', '${env:KEY}') },
};

let server: HttpServer;
let clock: MovableClock;
let folder: string;

beforeEach(async () => {
  clock = movableClock();
  server = await httpServer();
  const temporary = await temporaryFolder();
  onTestFinished(temporary.remove);
  folder = temporary.path;
  for (const name of ['AWS_PROFILE', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, undefined);
  vi.stubEnv('HOME', folder);
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  server.otherwise((request) => answer(new URLSearchParams(request.text), request.path));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await server.close();
});

/** Every session has a key of its own; `Arn` of the caller is the last that was given out. */
function answer(form: URLSearchParams, path: string): Reply {
  const action = form.get('Action') ?? '';
  const count = server.requests.length;
  const end = new Date(clock.now() + HOUR_MS).toISOString();
  if (path.startsWith('/federation/credentials')) return json({ roleCredentials: portalKeys() });
  if (path === '/pod') return json({ AccessKeyId: 'ASIAPOD', SecretAccessKey: 's', Token: 't', Expiration: end });
  if (action === 'GetCallerIdentity')
    return xml(ok(action, `<Account>${ID}</Account><Arn>arn:aws:sts::${ID}:assumed-role/x/muster</Arn>`));
  const keys = `<AccessKeyId>ASIA${count}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>`;
  return xml(ok(action, `<Credentials>${keys}<Expiration>${end}</Expiration></Credentials>`));
}

function portalKeys() {
  return { accessKeyId: 'ASIASSO', secretAccessKey: 's', sessionToken: 't', expiration: clock.now() + HOUR_MS };
}

function xml({ body = '', headers = {} }: ReturnType<typeof ok>): Reply {
  return { status: 200, body, headers: { 'content-type': 'text/xml', ...headers } };
}

function json(body: object): Reply {
  return { status: 200, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
}

async function connect(auth: object, settings: object = {}): Promise<Connection> {
  const parsed = aws.settings.parse({ endpoint: server.url, auth, ...settings });
  const account: Account = { provider: 'aws', id: ID, name: 'prod', labels: {}, reports: {}, settings: parsed };
  const connection = await aws.connect(account, { clock, observe: () => undefined });
  onTestFinished(() => connection.close());
  return connection;
}

function forms(action: string): readonly URLSearchParams[] {
  return server.requests.map(({ text }) => new URLSearchParams(text)).filter((form) => form.get('Action') === action);
}

/** Of the credentials that signed the newest call. */
function signer(): string | undefined {
  return /Credential=([^/]+)/.exec(server.requests.at(-1)?.headers.authorization ?? '')?.[1];
}

describe('a role', () => {
  test('is taken with the external id and the tags of the session', async () => {
    const connection = await connect({
      assume_role: {
        role: 'muster-audit',
        external_id: 'x-1',
        tags: { team: 'audit', stage: 'prod' },
        transitive_tags: ['team'],
        base: KEYS,
      },
    });

    await connection.identify(signal);

    expect(Object.fromEntries(forms('AssumeRole')[0]!)).toMatchObject({
      RoleArn: `arn:aws:iam::${ID}:role/muster-audit`,
      ExternalId: 'x-1',
      'Tags.member.1.Key': 'team',
      'Tags.member.1.Value': 'audit',
      'Tags.member.2.Key': 'stage',
      'TransitiveTagKeys.member.1': 'team',
    });
  });

  test('at the end of a chain is cut down to what a report needs; one on the way must take the next', async () => {
    const hub = { assume_role: { role: 'arn:aws:iam::111122223333:role/hub', external_id: 'hub-1', base: KEYS } };
    const connection = await connect({ assume_role: { role: 'muster-audit', external_id: 'x-1', base: hub } });

    await connection.identify(signal);

    const [first, second] = forms('AssumeRole');
    expect(first?.get('ExternalId')).toBe('hub-1');
    expect(first?.get('Policy')).toContain('sts:AssumeRole');
    expect(second?.get('ExternalId')).toBe('x-1');
    expect(second?.get('Policy')).toContain('iam:GetCredentialReport');
  });
});

describe('web identity', () => {
  test('takes the role by the token in the file, which is read each time, and nobody signs', async () => {
    const token_file = join(folder, 'token');
    await writeFile(token_file, 'first\n');
    const connection = await connect({ web_identity: { role: 'muster', token_file } });
    await connection.identify(signal);
    await writeFile(token_file, 'second\n');
    clock.move(HOUR_MS);

    await connection.identify(signal);

    const taken = forms('AssumeRoleWithWebIdentity');
    expect(taken.map((form) => form.get('WebIdentityToken'))).toEqual(['first', 'second']);
    expect(taken[0]?.get('RoleArn')).toBe(`arn:aws:iam::${ID}:role/muster`);
    expect(server.requests[0]?.headers.authorization).toBeUndefined();
    expect(signer()).toMatch(/^ASIA/);
  });

  test('is found by the variables that EKS sets, and may take a role as the base of one', async () => {
    const tokenFile = join(folder, 'token');
    await writeFile(tokenFile, 'of the pod');
    vi.stubEnv('AWS_ROLE_ARN', 'arn:aws:iam::111122223333:role/pod');
    vi.stubEnv('AWS_WEB_IDENTITY_TOKEN_FILE', tokenFile);
    const connection = await connect({ assume_role: { role: 'muster-audit', base: { web_identity: {} } } });

    await connection.identify(signal);

    const [pod] = forms('AssumeRoleWithWebIdentity');
    expect(pod?.get('RoleArn')).toBe('arn:aws:iam::111122223333:role/pod');
    expect(pod?.get('Policy')).toContain('sts:AssumeRole');
    expect(forms('AssumeRole')).toHaveLength(1);
  });

  test('says which file it could not read, and what is missing', async () => {
    const gone = await connect({ web_identity: { role: 'muster', token_file: '/nowhere/token' } });
    vi.stubEnv('AWS_ROLE_ARN', undefined);
    const half = await connect({ web_identity: {} });

    await expect(gone.identify(signal)).rejects.toThrow('the token file /nowhere/token cannot be read');
    await expect(half.identify(signal)).rejects.toThrow('give role and token_file');
  });
});

describe('EKS Pod Identity', () => {
  test('asks the agent with the token in the file', async () => {
    const token_file = join(folder, 'token');
    await writeFile(token_file, 'of-the-pod');
    const connection = await connect({ pod_identity: { endpoint: `${server.url}/pod`, token_file } });

    await connection.identify(signal);

    expect(server.requests[0]).toMatchObject({ path: '/pod', headers: { authorization: 'of-the-pod' } });
    expect(signer()).toBe('ASIAPOD');
  });

  test('is found by the variables that EKS sets', async () => {
    const tokenFile = join(folder, 'token');
    await writeFile(tokenFile, 'of-the-pod');
    vi.stubEnv('AWS_CONTAINER_CREDENTIALS_FULL_URI', `${server.url}/pod`);
    vi.stubEnv('AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE', tokenFile);
    const connection = await connect({ pod_identity: {} });

    await connection.identify(signal);

    expect(signer()).toBe('ASIAPOD');
  });

  test('elsewhere is a fault that says so', async () => {
    vi.stubEnv('AWS_CONTAINER_CREDENTIALS_FULL_URI', undefined);
    const connection = await connect({ pod_identity: {} });

    await expect(connection.identify(signal)).rejects.toThrow('EKS Pod Identity found no credentials');
  });
});

describe('an SSO profile', () => {
  test.each([['sso'], ['profile']])('is turned into credentials by the portal: auth.%s', async (way) => {
    await signedIn(Date.now() + HOUR_MS);
    const connection = await connect({ [way]: 'ops' });

    await connection.identify(signal);

    expect(server.requests[0]?.path).toBe('/federation/credentials?account_id=123456789012&role_name=Audit');
    expect(server.requests[0]?.headers['x-amz-sso_bearer_token']).toBe('of-the-portal');
    expect(signer()).toBe('ASIASSO');
  });

  test('whose sign-in has ended is a fault, and is asked again after the next', async () => {
    await signedIn(Date.now() - HOUR_MS);
    const connection = await connect({ sso: 'ops' });
    await expect(connection.identify(signal)).rejects.toThrow('sign in again: aws sso login');

    await signedIn(Date.now() + HOUR_MS);

    expect(await connection.identify(signal)).toMatchObject({ accountId: ID });
  });

  async function signedIn(until: number): Promise<void> {
    const session = ['[sso-session corp]', 'sso_start_url = https://corp.example/start', 'sso_region = eu-west-1'];
    const profile = ['[profile ops]', 'sso_session = corp', `sso_account_id = ${ID}`, 'sso_role_name = Audit'];
    const cache = join(folder, '.aws/sso/cache');
    await mkdir(cache, { recursive: true });
    await writeFile(join(folder, '.aws/config'), [...session, ...profile, ''].join('\n'));
    const token = { accessToken: 'of-the-portal', expiresAt: new Date(until).toISOString() };
    await writeFile(join(cache, `${createHash('sha1').update('corp').digest('hex')}.json`), JSON.stringify(token));
  }
});

test('a failed role is not remembered, and many callers cost one', async () => {
  const connection = await connect({ assume_role: { role: 'muster-audit', base: KEYS } });
  server.next({ status: 403, body: '<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>' });
  await expect(connection.identify(signal)).rejects.toMatchObject({ kind: 'denied' });

  await Promise.all(Array.from({ length: 10 }, () => connection.identify(signal)));

  expect(forms('AssumeRole')).toHaveLength(2);
});
