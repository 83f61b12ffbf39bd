import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lyingS3Server } from '../../test/kit/lying-s3-server.ts';
import { memoryStore } from '../../test/kit/memory-store.ts';
import { scriptedS3 } from '../../test/kit/scripted-s3.ts';
import { Releasers } from '../kit/releasers.ts';
import { Secret } from '../kit/secret.ts';
import { openStore } from './open-store.ts';
import { PROBE_KEY, probeStore } from './probe.ts';

let releasers: Releasers;
let folder = '';
beforeEach(async () => {
  releasers = new Releasers();
  folder = await mkdtemp(join(tmpdir(), 'muster-probe-'));
  releasers.push(() => rm(folder, { recursive: true }));
});
afterEach(() => releasers.release());

test('a folder that keeps the first bytes passes, each time', async () => {
  const store = await openStore({ type: 'folder', path: folder });

  await probeStore(store);
  await probeStore(store);

  expect(await store.get(PROBE_KEY)).toBeDefined();
});

test('a bucket that overwrites silently is refused, at the first start and at the second', async () => {
  const server = await lyingS3Server(folder, 'muster');
  releasers.push(() => server.close());
  const store = await bucket(server.endpoint, server);

  for (let start = 1; start <= 2; start += 1) {
    await expect(probeStore(store)).rejects.toMatchObject({
      kind: 'misconfigured',
      message: expect.stringContaining('s3://muster/: it overwrites'),
    });
  }
});

test('a bucket without conditional writes (501) is refused', async () => {
  const server = await scriptedS3();
  releasers.push(() => server.close());
  server.say({ status: 501, code: 'NotImplemented' });
  const store = await bucket(server.endpoint, { accessKeyId: 'a', secretAccessKey: 'b' });

  await expect(probeStore(store)).rejects.toMatchObject({
    kind: 'misconfigured',
    message: expect.stringContaining('no conditional writes'),
  });
});

test('a bucket that honours the condition passes', async () => {
  const server = await scriptedS3();
  releasers.push(() => server.close());
  const store = await bucket(server.endpoint, { accessKeyId: 'a', secretAccessKey: 'b' });

  await probeStore(store);

  expect(server.objects.size).toBe(1);
});

test('a store that refuses and overwrites all the same is refused', async () => {
  const store = memoryStore();
  const liar = {
    ...store,
    create: async (key: string, bytes: Uint8Array) => {
      const there = store.objects.has(key);
      store.objects.set(key, bytes);
      return there ? ('exists' as const) : ('created' as const);
    },
  };

  await expect(probeStore(liar)).rejects.toMatchObject({ kind: 'misconfigured' });
});

async function bucket(endpoint: string, keys: { readonly accessKeyId: string; readonly secretAccessKey: string }) {
  const store = await openStore({
    type: 's3',
    bucket: 'muster',
    prefix: '',
    region: 'us-east-1',
    endpoint,
    pathStyle: true,
    credentials: { accessKeyId: keys.accessKeyId, secretAccessKey: new Secret(keys.secretAccessKey, 'test') },
  });
  releasers.push(() => store.close());
  return store;
}
