import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStore } from '../../src/archive/open-store.ts';
import { probeStore } from '../../src/archive/probe.ts';
import type { Store } from '../../src/archive/store.ts';
import { Releasers } from '../../src/kit/releasers.ts';
import { Secret } from '../../src/kit/secret.ts';
import { archiveContract } from '../kit/archive-contract.ts';
import { type S3Server, startS3Server } from '../kit/s3-server.ts';
import { storeContract } from '../kit/store-contract.ts';

const releasers = new Releasers();
let server: S3Server;
let made = 0;

beforeAll(async () => {
  server = await startS3Server();
  releasers.push(() => server.close());
  await server.createBucket('muster');
});
afterAll(() => releasers.release());

describe('a bucket of a real S3 server', () => {
  storeContract(async () => {
    const prefix = fresh();
    return { store: await open(prefix), again: () => open(prefix) };
  });

  archiveContract(() => open(fresh()));

  test('passes the probe, each time', async () => {
    const store = await open('');

    await probeStore(store);
    await probeStore(store);
  });

  test('of two prefixes neither sees the other', async () => {
    const [a, b] = [await open('left'), await open('left-2')];
    await a.create('x/y', Buffer.from('a'));

    expect(await b.create('x/y', Buffer.from('b'))).toBe('created');
    const keys: string[] = [];
    for await (const key of a.list('')) keys.push(key);
    expect(keys).toEqual(['x/y']);
  });

  test('wrong keys are denied, a bucket that is not there is named', async () => {
    const intruder = await open('x', 'muster', 'wrong');
    const nowhere = await open('x', 'no-such-bucket');

    await expect(intruder.create('a', Buffer.from('x'))).rejects.toMatchObject({ kind: 'denied' });
    await expect(intruder.get('a')).rejects.toMatchObject({ kind: 'denied' });
    await expect(nowhere.create('a', Buffer.from('x'))).rejects.toMatchObject({ kind: 'misconfigured' });
    await expect(nowhere.get('a')).rejects.toMatchObject({ kind: 'misconfigured' });
  });
});

function fresh(): string {
  made += 1;
  return `test-${made}`;
}

async function open(prefix: string, bucket = 'muster', secret = server.secretAccessKey): Promise<Store> {
  const store = await openStore({
    type: 's3',
    bucket,
    prefix,
    region: server.region,
    endpoint: server.endpoint,
    pathStyle: true,
    credentials: { accessKeyId: server.accessKeyId, secretAccessKey: new Secret(secret, 'test') },
  });
  releasers.push(() => store.close());
  return store;
}
