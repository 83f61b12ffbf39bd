import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { toyRegistries } from '../../test/kit/toy-registries.ts';
import type { Config } from './config.ts';
import { parseConfig } from './load.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'muster-teams-'));
  mkdirSync(path.join(folder, 'conf.d'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('accounts of every file are read, in order, with the defaults of the config', async () => {
  team('b.yaml', account(2));
  team('a.yaml', account(1));
  team('notes.txt', 'not: [yaml');

  const config = await load('defaults: { aws: { max_rps: 3 } }\n');

  expect(config.accounts.map(({ id }) => id)).toEqual(['000000000000', '000000000001', '000000000002']);
  expect(config.accounts[2]?.settings).toMatchObject({ max_rps: 3 });
  expect(config.broken).toEqual([]);
});

test.each([
  ['no YAML', 'accounts: [', /a\.yaml:1:\d+/],
  ['another key', 'accounts: []\nsinks: []\n', /a\.yaml:2:1: unknown key "sinks"/],
  ['a wrong account', 'accounts: [{ provider: aws, account_id: "12" }]', /a\.yaml:1:\d+: accounts\[0\]\.account_id/],
  ['nothing', '', /a\.yaml/],
])('a file with %s costs its own accounts only, and is told with its place', async (_, text, told) => {
  team('a.yaml', text);
  team('b.yaml', account(2));

  const config = await load();

  expect(config.accounts.map(({ id }) => id)).toEqual(['000000000000', '000000000002']);
  expect(config.broken).toEqual([expect.stringMatching(told)]);
  expect(config.broken[0]).toContain('left out');
});

test('while it runs, a file that breaks keeps what it held, and one that is gone holds nothing', async () => {
  team('a.yaml', account(1));
  team('b.yaml', account(2));
  const config = await load();
  team('a.yaml', 'accounts: [');
  rmSync(path.join(folder, 'conf.d', 'b.yaml'));

  const read = await config.accountFiles?.read();

  expect(read?.accounts).toEqual(config.accounts.slice(0, 2));
  expect(read?.broken).toEqual([expect.stringContaining('what it last held is used')]);

  team('a.yaml', account(3));
  const mended = await config.accountFiles?.read();
  expect(mended?.accounts.map(({ id }) => id)).toEqual(['000000000000', '000000000003']);
  expect(mended?.broken).toEqual([]);
});

test('a file that did not change gives the same objects', async () => {
  team('a.yaml', account(1));
  const config = await load();

  const read = await config.accountFiles?.read();

  expect(read?.accounts[1]).toBe(config.accounts[1]);
});

test('an account that is listed twice is told; the config comes first', async () => {
  team('a.yaml', account(0));

  const config = await load();

  expect(config.accounts).toHaveLength(1);
  expect(config.broken).toEqual([expect.stringContaining('account 000000000000 is listed elsewhere')]);
});

test('a folder that is not there is told', async () => {
  rmSync(path.join(folder, 'conf.d'), { recursive: true });

  expect((await load()).broken).toEqual(['account_files conf.d/*.yaml: the folder cannot be read (ENOENT)']);
});

function account(number: number): string {
  return `accounts: [{ provider: aws, account_id: "${String(number).padStart(12, '0')}" }]\n`;
}

function team(name: string, text: string): void {
  writeFileSync(path.join(folder, 'conf.d', name), text);
}

function load(more = ''): Promise<Config> {
  const yaml = `archive: a\naccount_files: conf.d/*.yaml\n${account(0)}${more}`;
  return parseConfig(yaml, path.join(folder, 'muster.yaml'), toyRegistries(), {});
}
