import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { parseConfig } from '../../src/config/load.ts';
import type { Account } from '../../src/domain/account.ts';
import { Fault } from '../../src/domain/fault.ts';
import type { Secret } from '../../src/kit/secret.ts';
import { awsSecretsManager } from '../../src/secrets/aws-secrets-manager.ts';
import type { SecretStore } from '../../src/secrets/store.ts';
import { type HttpServer, httpServer, type Reply } from '../kit/http-server.ts';
import { type MovableClock, movableClock } from '../kit/movable-clock.ts';
import { realRegistries } from '../kit/real-registries.ts';

const CANARY = 'c4nary-0f-the-test';
const ARN = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:muster/hub-AbCdEf';

let server: HttpServer;
let clock: MovableClock;

beforeEach(async () => {
  clock = movableClock();
  server = await httpServer();
  vi.stubEnv('AWS_ENDPOINT_URL_SECRETS_MANAGER', server.url);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDOFTHEMACHINE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 's');
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_PROFILE', undefined);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await server.close();
});

function keeps(text: string): Reply {
  return { status: 200, body: JSON.stringify({ Name: 'x', SecretString: text }), headers: JSON_1 };
}

function refuses(type: string, status = 400): Reply {
  return { status, body: JSON.stringify({ __type: type, message: `no ${CANARY}` }), headers: JSON_1 };
}

const JSON_1 = { 'content-type': 'application/x-amz-json-1.1' };

function opened(): SecretStore {
  return awsSecretsManager.open({ env: {}, clock });
}

describe('AWS Secrets Manager', () => {
  test('is asked by name, in the region of the environment', async () => {
    server.otherwise(keeps(CANARY));

    expect(await opened().read('muster/hub', false)).toBe(CANARY);

    const [request] = server.requests;
    expect(request?.headers['x-amz-target']).toBe('secretsmanager.GetSecretValue');
    expect(JSON.parse(request!.text)).toEqual({ SecretId: 'muster/hub' });
    expect(request?.headers.authorization).toContain('/us-east-1/secretsmanager/aws4_request');
  });

  test('is asked by ARN in the region of the ARN, once for all its keys', async () => {
    server.otherwise(keeps(JSON.stringify({ id: 'AKID1', secret: CANARY, port: 6379 })));
    const store = opened();

    const told = await Promise.all(['id', 'secret', 'port'].map((key) => store.read(`${ARN}#${key}`, false)));

    expect(told).toEqual(['AKID1', CANARY, '6379']);
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]?.headers.authorization).toContain('/eu-central-1/secretsmanager/');
  });

  test.each<[string, Reply, string, string]>([
    ['n', refuses('ResourceNotFoundException'), 'misconfigured', 'does not exist in this region'],
    ['n', refuses('AccessDeniedException'), 'denied', 'allow secretsmanager:GetSecretValue on it'],
    ['n', refuses('DecryptionFailure'), 'denied', 'allow kms:Decrypt'],
    ['n', refuses('InvalidRequestException'), 'misconfigured', 'marked for deletion'],
    ['n', refuses('ThrottlingException'), 'throttled', 'slow down'],
    ['n', { status: 200, body: '{"SecretBinary":"AAAA"}', headers: JSON_1 }, 'misconfigured', 'holds no text'],
    ['n#k', keeps(`{"other":"${CANARY}"}`), 'misconfigured', 'is not JSON with a text under "k"'],
    ['n#k', keeps(`{${CANARY}`), 'misconfigured', 'is not JSON with a text under "k"'],
    ['n', refuses('InternalServiceError', 500), 'unreachable', 'was not told'],
    ['n', 'reset', 'unreachable', 'was not told'],
  ])('%s, answered with %j, is a fault that names the secret and holds none', async (name, reply, kind, words) => {
    server.otherwise(reply);

    const fault = await opened()
      .read(name, false)
      .catch((error: unknown) => error);

    expect(fault).toBeInstanceOf(Fault);
    expect(fault).toMatchObject({ kind, message: expect.stringContaining(words) });
    expect(String(fault)).toContain('the secret n of AWS Secrets Manager');
    expect(String(fault)).not.toContain(CANARY);
  });

  test('is not asked by what is no name', () => {
    const names = ['', 'a b', 'a#', '#k', "a'", ARN, `${ARN}#k`, 'prod/db#user name'];

    expect(names.map((name) => awsSecretsManager.isName(name))).toEqual([
      false,
      false,
      false,
      false,
      false,
      true,
      true,
      true,
    ]);
  });
});

describe('a reference in the YAML', () => {
  const yaml = (auth: string, more = '') =>
    `archive: ./a\naccounts:\n  - { provider: aws, account_id: "123456789012", auth: ${auth}${more} }\n`;
  const KEY = '{ access_key: { access_key_id: "${aws-sm:hub#id}", secret_access_key: "${aws-sm:hub#secret}" } }';
  const read = (text: string) => parseConfig(text, 'm.yaml', realRegistries, {});

  test('brings the secret, wrapped, and follows it', async () => {
    server.otherwise(keeps(JSON.stringify({ id: 'first', secret: CANARY })));
    const { accounts, warnings } = await read(yaml(KEY));
    const { accessKeyId, secretAccessKey } = keysOf(accounts);

    expect([await accessKeyId.current(), await secretAccessKey.current()]).toEqual(['first', CANARY]);
    expect([warnings, inspect(accounts, { depth: 9 }).includes(CANARY)]).toEqual([[], false]);
    expect(server.requests).toHaveLength(1);
  });

  test('to a place that does not answer is a warning, and the secret is asked for when it is needed', async () => {
    server.otherwise(refuses('AccessDeniedException'));
    const { accounts, warnings } = await read(yaml(KEY));
    const { secretAccessKey } = keysOf(accounts);
    await expect(secretAccessKey.current()).rejects.toMatchObject({ kind: 'denied' });
    server.otherwise(keeps(JSON.stringify({ id: 'first', secret: CANARY })));

    expect(await secretAccessKey.current()).toBe(CANARY);
    expect(warnings[0]).toContain('allow secretsmanager:GetSecretValue on it; it is asked for again');
  });

  test('that is needed to read the file at all is refused with its place while it is not told', async () => {
    server.otherwise(refuses('AccessDeniedException'));

    await expect(read(yaml('{ chain: {} }', ', name: "${aws-sm:name}"'))).rejects.toThrow(
      /m\.yaml:3:.*name.*is needed now, and the place that keeps it does not tell it/,
    );
  });

  test('to a secret that does not exist is a mistake, with its place', async () => {
    server.otherwise(refuses('ResourceNotFoundException'));

    await expect(read(yaml(KEY))).rejects.toThrow(
      /m\.yaml:3:\d+: .*the secret hub of AWS Secrets Manager does not exist/,
    );
  });

  test('that is written wrong is told how to write', async () => {
    await expect(read(yaml('{ chain: {} }', ', name: "${aws-sm:a b}"'))).rejects.toThrow(
      'not a reference: write ${aws-sm:name-or-arn}',
    );
  });
});

function keysOf([account]: readonly Account[]): Readonly<Record<'accessKeyId' | 'secretAccessKey', Secret>> {
  return (account!.settings as { readonly auth: Readonly<Record<'accessKeyId' | 'secretAccessKey', Secret>> }).auth;
}
