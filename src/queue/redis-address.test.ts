import { expect, test } from 'vitest';
import { Secret } from '../kit/secret.ts';
import { clientOptions, describeAddress, type RedisAddress } from './redis-address.ts';

const HOSTS = [
  { host: 'a', port: 1 },
  { host: 'b', port: 2 },
];

function single(url: string): RedisAddress {
  return { kind: 'single', url: new Secret(url, '${env:REDIS_URL}') };
}

function serverOptions(address: RedisAddress, role: 'producer' | 'worker' = 'producer') {
  const options = clientOptions(address, role, 4_000);
  if (options.kind !== 'redis') throw new Error('not a server');
  return options.options;
}

test.each([
  ['redis://redis', { host: 'redis', port: 6379 }],
  ['redis://redis:7000/', { host: 'redis', port: 7000 }],
  ['redis://:p%40ss@redis:7000/3', { host: 'redis', port: 7000, password: 'p@ss', db: 3 }],
  ['rediss://me:pass@redis', { host: 'redis', port: 6379, username: 'me', password: 'pass', tls: {} }],
  ['redis://[::1]:7000', { host: '::1', port: 7000 }],
])('%s is understood', (url, expected) => {
  expect(serverOptions(single(url))).toMatchObject(expected);
});

test.each([
  '',
  'redis',
  'http://redis',
  'redis://',
  'redis://:canary@',
  'redis://canary@redis/x',
  'redis://redis:99999',
  'redis://:%canary@r',
  'redis://r?a=canary',
])('"%s" is refused, and the fault names the reference only', (url) => {
  expect(() => serverOptions(single(url))).toThrowError(
    expect.objectContaining({
      kind: 'misconfigured',
      message: expect.stringMatching(/^(?!.*canary).*env:REDIS_URL/) as string,
    }),
  );
});

test('a producer fails fast, a worker waits for ever and has no command timeout', () => {
  const [producer, worker] = [serverOptions(single('redis://r')), serverOptions(single('redis://r'), 'worker')];

  expect(producer).toMatchObject({ maxRetriesPerRequest: 1, enableOfflineQueue: false, commandTimeout: 4_000 });
  expect(worker).toMatchObject({ maxRetriesPerRequest: null, enableOfflineQueue: true });
  expect(worker).not.toHaveProperty('commandTimeout');
});

test('sentinels are asked for the master by its name', () => {
  const options = serverOptions({ kind: 'sentinels', sentinels: HOSTS, name: 'prod', password: new Secret('p', 'x') });

  expect(options).toMatchObject({ sentinels: HOSTS, name: 'prod', password: 'p', sentinelPassword: 'p' });
});

test('a cluster is entered by its nodes, and every node gets the password, TLS and the time limits', () => {
  const address: RedisAddress = { kind: 'cluster', nodes: HOSTS, password: new Secret('p', 'x'), tls: true };

  expect(clientOptions(address, 'producer', 4_000)).toMatchObject({
    kind: 'cluster',
    nodes: HOSTS,
    options: {
      enableOfflineQueue: false,
      dnsLookup: expect.any(Function) as unknown,
      redisOptions: { password: 'p', tls: {}, maxRetriesPerRequest: 1, commandTimeout: 4_000 },
    },
  });
  expect(clientOptions({ ...address, password: undefined, tls: false }, 'worker', 4_000)).toEqual({
    kind: 'cluster',
    nodes: HOSTS,
    options: {
      enableOfflineQueue: true,
      redisOptions: {
        connectTimeout: 5_000,
        socketTimeout: 30_000,
        keepAlive: 10_000,
        disconnectTimeout: 500,
        connectionName: 'muster-worker',
        maxRetriesPerRequest: null,
      },
    },
  });
});

test.each([
  [single('rediss://me:canary@redis:7000/2'), 'redis:7000'],
  [{ kind: 'sentinels', sentinels: HOSTS, name: 'prod', password: new Secret('canary', 'x') }, 'prod behind a:1, b:2'],
  [{ kind: 'cluster', nodes: HOSTS, password: new Secret('canary', 'x'), tls: false }, 'a:1, b:2'],
] as [RedisAddress, string][])('an address is described by host and port only', (address, words) => {
  expect(describeAddress(address)).toBe(words);
});
