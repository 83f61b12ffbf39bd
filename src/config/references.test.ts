import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { mistakes } from '../../test/kit/config-mistakes.ts';
import { toyRegistries } from '../../test/kit/toy-registries.ts';
import type { Secret } from '../kit/secret.ts';
import { parseConfig } from './load.ts';

const CANARY = 'canary-7f3a9c-sings';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'muster-config-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test.each<[string, string]>([
  ['${env:A}', 'alpha'],
  ['x-${env:A}-${env:B}', 'x-alpha-beta'],
  ['$${env:A}', '${env:A}'],
  ['$${x} ${env:A}', '${x} alpha'],
  ['$5 and $x', '$5 and $x'],
  ['${file:name}', 'from-a-file'],
])('the text %s becomes %s', async (written, expected) => {
  writeFileSync(path.join(folder, 'name'), 'from-a-file\n', { mode: 0o600 });

  const { accounts } = await parse(account(`name: '${written}'`), { A: 'alpha', B: 'beta${env:A}'.slice(0, 4) });

  expect(accounts[0]?.name).toBe(expected);
});

test('what a variable holds is not looked up again', async () => {
  const { accounts } = await parse(account('name: "${env:A}"'), { A: '${env:B}', B: 'beta' });

  expect(accounts[0]?.name).toBe('${env:B}');
});

test('one newline at the end of a secret file is cut, and no more', async () => {
  secretFile('pw', `${CANARY}\n\n`);

  const { sinks } = await parse(hook('${file:pw}'));

  expect((sinks[0]!.settings as { secret: Secret }).secret.reveal()).toBe(`${CANARY}\n`);
});

test('a secret file that others can read is a warning', async () => {
  secretFile('pw', CANARY);
  chmodSync(path.join(folder, 'pw'), 0o644);

  const { warnings } = await parse(hook('${file:pw}'));

  expect(warnings).toEqual([
    `${folder}/m.yaml:3:56: warning: sinks[0].secret: others on this machine can read the secret file pw (mode 0644): chmod 600 it`,
  ]);
});

test('a link to a secret file is followed, as Kubernetes mounts them', async () => {
  secretFile('real', CANARY);
  symlinkSync('real', path.join(folder, 'pw'));

  const { sinks } = await parse(hook('${file:pw}'));

  expect((sinks[0]!.settings as { secret: Secret }).secret.reveal()).toBe(CANARY);
});

test.each<[string, () => void, string]>([
  ['is not there', () => undefined, 'does not exist'],
  ['is a folder', () => mkdirSync(path.join(folder, 'pw')), 'is not a regular file'],
  ['is empty', () => secretFile('pw', '\n'), 'is empty'],
  ['is not text', () => secretFile('pw', Buffer.from([0xff, 0xfe])), 'is not UTF-8 text'],
  ['is huge', () => secretFile('pw', 'x'.repeat(70_000)), 'is larger than 65536 bytes'],
])('a secret file that %s is refused', async (_, make, expected) => {
  make();

  await expect(parse(hook('${file:pw}'))).rejects.toThrow(
    `m.yaml:3:56: sinks[0].secret: the secret file pw ${expected}`,
  );
});

test('an empty variable is refused', async () => {
  expect(await mistakes(account('name: "${env:A}"'), { A: '' })).toEqual([
    '2:63: accounts[0].name: the variable A is empty',
  ]);
});

test.each<[string, string]>([
  ['AKIAIOSFODNN7EXAMPLE', 'an AWS access key id'],
  ['LTAI5tExampleExample1234', 'an Alibaba Cloud access key id'],
  ['AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE', 'a Tencent Cloud secret id'],
  ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'a webhook secret'],
  ['Splunk 12345678-1234-1234-1234-1234567890AB', 'an authorization token'],
  ['https://user:opensesame@siem.example.com/', 'a URL with a password'],
  ['-----BEGIN RSA PRIVATE KEY-----', 'a private key'],
])('the literal %s is refused wherever it stands, and is not shown', async (literal, what) => {
  const told = [
    await mistakes(account(`name: "${literal}"`)),
    await mistakes(account(`labels: { a: "x ${literal}" }`.replace('x Splunk', 'Splunk'))),
    await mistakes(hook(literal)),
    await mistakes(`archive: a\naccounts: []\nqueue: "${literal}"\n`),
  ];

  for (const messages of told) {
    expect(messages).toHaveLength(1);
    expect(messages[0]).toContain(`looks like ${what}: give it by reference, "\${env:NAME}" or "\${file:/path}"`);
    expect(messages[0]).not.toContain(literal);
  }
});

test('words that only begin like a token are harmless', async () => {
  const { accounts } = await parse(
    account('labels: { a: Basic authentication, b: "bearer: somebody", c: AKIA, d: akid }'),
  );

  expect(accounts[0]?.labels['a']).toBe('Basic authentication');
});

test.each<[string, string]>([
  ['a Redis URL', 'archive: a\naccounts: []\nqueue: "ftp://${env:CANARY}"\n'],
  ['an archive', 'archive: "gs://${env:CANARY}"\naccounts: []\n'],
  ['a cron', 'archive: a\naccounts: []\ntick: "${env:CANARY} * * * *"\n'],
  ['a host', 'archive: a\naccounts: []\nhttp: { listen: "${env:CANARY}" }\n'],
  ['a sink type', 'archive: a\naccounts: []\nsinks: [{ name: s, type: "${env:CANARY}" }]\n'],
  [
    'a sink URL',
    'archive: a\naccounts: []\nsinks: [{ name: s, type: hook, url: "ftp://${env:CANARY}", secret: "${env:CANARY}" }]\n',
  ],
  [
    'a duplicate name',
    account('name: "${env:CANARY}" }, { provider: aws, account_id: "222222222222", name: "${env:CANARY}"'),
  ],
  ['an account id', 'archive: a\naccounts: [{ provider: aws, account_id: "${env:CANARY}" }]\n'],
  ['a provider', 'archive: a\naccounts: [{ provider: "${env:CANARY}" }]\n'],
])('%s that comes by reference is not shown when it is wrong', async (_, yaml) => {
  const text = (await mistakes(yaml, { CANARY })).join('\n');

  expect(text).not.toContain('canary');
  expect(text).not.toContain('sings');
});

test('no value of a reference is in what a config prints', async () => {
  secretFile('pw', CANARY);

  const config = await parse(
    hook('${file:pw}').replace('archive: a', 'archive: a\nqueue: "redis://:${env:CANARY}@redis"'),
    { CANARY },
  );

  expect(inspect(config, { depth: 9 }) + JSON.stringify(config)).not.toContain(CANARY);
});

function account(rest: string): string {
  return `archive: a\naccounts: [{ provider: aws, account_id: "123456789012", ${rest} }]\n`;
}

function hook(secret: string): string {
  return `archive: a\naccounts: []\nsinks: [{ name: s, type: hook, url: https://h, secret: "${secret}" }]\n`;
}

function parse(yaml: string, env: NodeJS.ProcessEnv = {}) {
  return parseConfig(
    yaml.replace('accounts: []', 'accounts: [{ provider: aws, account_id: "123456789012" }]'),
    path.join(folder, 'm.yaml'),
    toyRegistries(),
    env,
  );
}

function secretFile(name: string, content: string | Buffer): void {
  writeFileSync(path.join(folder, name), content, { mode: 0o600 });
}
