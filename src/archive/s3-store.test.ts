import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Answer, type ScriptedS3, scriptedS3 } from '../../test/kit/scripted-s3.ts';
import { Secret } from '../kit/secret.ts';
import { openS3Store } from './s3-store.ts';
import type { Store } from './store.ts';

let server: ScriptedS3;
let store: Store;

beforeEach(async () => {
  server = await scriptedS3();
  store = await openS3Store({
    bucket: 'b',
    prefix: 'deep/down',
    region: undefined,
    endpoint: server.endpoint,
    pathStyle: true,
    credentials: { accessKeyId: 'AK', secretAccessKey: new Secret('very-secret-value', '${env:S3}') },
    deadlineMs: 300,
  });
});
afterEach(() => {
  store.close();
  return server.close();
});

const one = Buffer.from('one');
const KEPT = '/b/deep/down/a/b';

test.each<[string, Answer[]]>([
  ['a conflict', [{ status: 409, code: 'ConditionalRequestConflict' }]],
  ['a bad moment', [{ status: 500, code: 'InternalError' }, { status: 503 }]],
  ['being asked to slow down', [{ status: 503, code: 'SlowDown' }]],
  ['a lost connection', ['reset']],
  ['no answer in time', ['hang']],
])('a create is tried again after %s', async (_what, answers) => {
  server.say(...answers);

  expect(await store.create('a/b', one)).toBe('created');
  expect(server.objects.get(KEPT)).toEqual(one);
});

test('bytes that were kept before the answer was lost are ours', async () => {
  server.say('keep-and-reset');

  expect(await store.create('a/b', one)).toBe('created');
  expect(server.requests.map((request) => request.slice(0, 3))).toEqual(['PUT', 'PUT', 'GET']);
});

test('other bytes that came first while the answer was lost are not', async () => {
  server.objects.set(KEPT, Buffer.from('two'));
  server.say('reset');

  expect(await store.create('a/b', one)).toBe('exists');
});

test('a refusal without doubt needs no second look', async () => {
  server.objects.set(KEPT, one);

  expect(await store.create('a/b', one)).toBe('exists');
  expect(server.requests).toHaveLength(1);
});

test('every create is conditional and says what its bytes are', async () => {
  await store.create('a/b', one);

  expect(server.requests).toEqual([`PUT ${KEPT}?x-id=PutObject`]);
});

test.each<[Answer, string, RegExp]>([
  [{ status: 403, code: 'AccessDenied' }, 'denied', /s3:PutObject/],
  [{ status: 403, code: 'InvalidAccessKeyId' }, 'denied', /credentials/],
  [{ status: 400, code: 'ExpiredToken' }, 'denied', /ExpiredToken/],
  [{ status: 404, code: 'NoSuchBucket' }, 'misconfigured', /create it first/],
  [{ status: 501, code: 'NotImplemented' }, 'misconfigured', /conditional writes/],
  [{ status: 301, code: 'PermanentRedirect' }, 'misconfigured', /region/],
])('%j on a write is %s', async (answer, kind, message) => {
  server.say(answer);

  await expect(store.create('a/b', one)).rejects.toMatchObject({ kind, message: expect.stringMatching(message) });
  expect(server.requests).toHaveLength(1);
});

test('a store that asks for a long pause is told about at once', async () => {
  server.say({ status: 503, code: 'SlowDown', headers: { 'retry-after': '7' } });

  await expect(store.get('a/b')).rejects.toMatchObject({ kind: 'throttled', retryAfterMs: 7_000 });
  expect(server.requests).toHaveLength(1);
});

test('a store that is gone is unreachable, and no fault tells a secret', async () => {
  await server.close();

  const fault = await store.create('a/b', one).catch((error: unknown) => error);

  expect(fault).toMatchObject({ kind: 'unreachable', message: expect.stringContaining('s3://b/deep/down') });
  expect(JSON.stringify(fault) + String(fault)).not.toContain('very-secret-value');
});

test('a missing key is undefined, a missing bucket a fault', async () => {
  expect(await store.get('a/b')).toBeUndefined();

  server.say({ status: 404, code: 'NoSuchBucket' });
  await expect(store.get('a/b')).rejects.toMatchObject({ kind: 'misconfigured' });
});
