import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { mistakes } from '../../test/kit/config-mistakes.ts';
import { toyRegistries } from '../../test/kit/toy-registries.ts';
import type { QueueConfig } from './config.ts';
import { loadConfig, parseConfig } from './load.ts';

const HOUR_MS = 3_600_000;
const SMALL = 'archive: ./archive\naccounts: [{ provider: aws, account_id: "123456789012" }]\n';
const parse = (yaml: string, env = {}) => parseConfig(yaml, '/etc/muster/m.yaml', toyRegistries(), env);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'muster-config-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a small config gets every default', async () => {
  const config = await parse(SMALL);

  expect(config).toEqual({
    file: '/etc/muster/m.yaml',
    deployment: 'default',
    archive: { type: 'folder', path: '/etc/muster/archive' },
    queue: { type: 'embedded' },
    tick: '*/10 * * * *',
    http: { host: '127.0.0.1', port: 9464 },
    accounts: [
      {
        provider: 'aws',
        id: '123456789012',
        name: '123456789012',
        labels: {},
        reports: { 'credential-report': { everyMs: 4 * HOUR_MS } },
        settings: { auth: { chain: {} }, key_ids: true, max_rps: 10 },
      },
    ],
    organizations: [],
    accountFiles: undefined,
    broken: [],
    sinks: [],
    exceptions: [],
    changes: { silence_days: 90, severity: {}, root_severity: {} },
    rules: {
      'user.key.too_old': { enabled: true, severity: 'medium', thresholds: { max_age_days: 90 } },
      'root.key.exists': { enabled: true, severity: 'critical', thresholds: {} },
    },
    warnings: [],
  });
});

test('a sink has its defaults, and its path is relative to the config file', async () => {
  const { sinks } = await parse(`${SMALL}sinks: [{ name: all, type: file, path: out/events.ndjson }]\n`);

  expect(sinks).toEqual([
    {
      name: 'all',
      type: 'file',
      format: 'plain',
      events: ['inventory', 'change', 'finding', 'access', 'health', 'summary'],
      inventory: 'changed+daily',
      findings: 'changed+daily',
      start: 'now',
      settings: { path: '/etc/muster/out/events.ndjson', rotate_daily: true },
    },
  ]);
});

test('checks change one thing and keep the rest', async () => {
  const { rules } = await parse(
    `${SMALL}checks: { user.key.too_old: { max_age_days: 30 }, root.key.exists: { enabled: false } }\n`,
  );

  expect(rules['user.key.too_old']).toEqual({ enabled: true, severity: 'medium', thresholds: { max_age_days: 30 } });
  expect(rules['root.key.exists']).toEqual({ enabled: false, severity: 'critical', thresholds: {} });
});

test('http can be switched off', async () => {
  expect((await parse(`${SMALL}http: false\n`)).http).toBeUndefined();
});

test('only an account with an endpoint of its own may be asked more often', async () => {
  const fast = 'reports: { credential-report: { every: 10s } }';
  const { accounts } = await parse(
    `archive: a\naccounts: [{ provider: aws, account_id: "123456789012", endpoint: http://127.0.0.1:1, ${fast} }]\n`,
  );

  expect(accounts[0]?.reports['credential-report']).toEqual({ everyMs: 10_000 });
});

test.each<[string, unknown]>([
  ['s3://bucket', { bucket: 'bucket', prefix: '' }],
  ['s3://bucket/a/b/', { bucket: 'bucket', prefix: 'a/b' }],
  [
    '{ url: s3://bucket/x, endpoint: "http://127.0.0.1:9000", path_style: true, region: eu-central-1 }',
    { prefix: 'x', pathStyle: true, region: 'eu-central-1', endpoint: 'http://127.0.0.1:9000' },
  ],
])('the archive %s is a bucket', async (yaml, expected) => {
  const { archive } = await parse(SMALL.replace('./archive', yaml));

  expect(archive).toMatchObject({ type: 's3', ...(expected as object) });
});

test.each<[string, QueueConfig]>([
  [
    '{ sentinels: ["a:1", "[::1]:2"], name: m }',
    {
      type: 'redis',
      connection: {
        kind: 'sentinels',
        sentinels: [
          { host: 'a', port: 1 },
          { host: '::1', port: 2 },
        ],
        name: 'm',
        password: undefined,
      },
    },
  ],
  [
    '{ cluster: ["a:1"], tls: true }',
    { type: 'redis', connection: { kind: 'cluster', nodes: [{ host: 'a', port: 1 }], password: undefined, tls: true } },
  ],
])('the queue %s is understood', async (yaml, expected) => {
  expect((await parse(`${SMALL}queue: ${yaml}\n`)).queue).toEqual(expected);
});

test('a Redis URL is a secret, with its password by reference', async () => {
  const { queue } = await parse(`${SMALL}queue: "redis://:\${env:PW}@redis:6379/2"\n`, { PW: 'sesame-opens' });

  expect(queue.type === 'redis' && queue.connection.kind === 'single' && queue.connection.url.reveal()).toBe(
    'redis://:sesame-opens@redis:6379/2',
  );
  expect(JSON.stringify(queue)).not.toContain('sesame');
});

test('no accounts is odd, but not wrong', async () => {
  expect((await parse('archive: a\naccounts: []\n')).warnings).toEqual([
    '/etc/muster/m.yaml:2:11: warning: no accounts: nothing will be collected',
  ]);
});

test('names and ids are used once', async () => {
  const yaml = `archive: a
accounts:
  - { provider: aws, account_id: "123456789012", name: prod }
  - { provider: aws, account_id: "123456789012", name: other }
  - { provider: alibaba, account_id: "1234567890123456", name: prod, auth: { profile: p }, reports: { access-audit: {} } }
sinks:
  - { name: s, type: stdout }
  - { name: s, type: stdout }
`;

  expect(await mistakes(yaml)).toEqual([
    '4:34: accounts[1].account_id: the account "123456789012" is used twice (first on line 3)',
    '5:64: accounts[2].name: the account name "prod" is used twice (first on line 3)',
    '8:13: sinks[1].name: the sink name "s" is used twice (first on line 7)',
  ]);
});

test('a file that is not there says how to get one', async () => {
  const file = path.join(folder, 'muster.yaml');

  await expect(loadConfig(file, toyRegistries(), {})).rejects.toThrow(
    `${file}: no such file: try "muster demo", or copy config/example.yaml`,
  );
});

test.each<[string, Uint8Array | string, string]>([
  ['too large', `# ${'x'.repeat(1_048_576)}`, 'c.yaml: is larger than 1 MB'],
  ['Latin-1', Buffer.from('archive: a\nname: \xe9\n', 'latin1'), 'c.yaml:2:1: not UTF-8 text'],
])('a file that is %s is refused', async (_, bytes, expected) => {
  const file = path.join(folder, 'c.yaml');
  writeFileSync(file, bytes);

  await expect(loadConfig(file, toyRegistries(), {})).rejects.toThrow(expected);
});

test('a folder in the place of the file is refused', async () => {
  await expect(loadConfig(folder, toyRegistries(), {})).rejects.toThrow(`${folder}: is not a regular file`);
});
