import { existsSync, readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { jsonSchema } from '../../src/config/json-schema.ts';
import { parseConfig } from '../../src/config/load.ts';
import type { Registries } from '../../src/config/registries.ts';
import { everyCheck as checks } from '../../src/derive/checks/registry.ts';
import { EVERY_CHANGE_TYPE } from '../../src/domain/event-types.ts';
import { formats } from '../../src/formats/registry.ts';
import { providers } from '../../src/providers/registry.ts';
import { sinkPlugins } from '../../src/sinks/registry.ts';

const registries: Registries = {
  providers,
  sinkPlugins,
  checks,
  formats,
  changeTypes: EVERY_CHANGE_TYPE,
};
const example = readFileSync('config/example.yaml', 'utf8');
const ENV = {
  MUSTER_EXTERNAL_ID: 'an-external-id',
  MUSTER_REDIS_PASSWORD: 'a-password',
  MUSTER_WEBHOOK_SECRET: `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
};

test('the example is a config without a warning', async () => {
  const config = await parseConfig(example, 'config/example.yaml', registries, ENV);

  expect(config.warnings).toEqual([]);
  expect(config.accounts.map((account) => account.name)).toEqual(['prod', 'staging']);
  expect(config.accounts[1]?.settings).toMatchObject({ auth: { kind: 'assume_role', externalId: 'an-external-id' } });
});

test('the example says nothing that is not already the default where it shows one', async () => {
  const small = 'archive: a\naccounts: []\n';

  const [shown, own] = [
    await parseConfig(example, 'config/example.yaml', registries, ENV),
    await parseConfig(small, 'config/m.yaml', registries, {}),
  ];

  expect([shown.rules, shown.tick, shown.http, shown.deployment]).toEqual([
    own.rules,
    own.tick,
    own.http,
    own.deployment,
  ]);
});

test('the example and the documentation name every key; what only one cloud or sink has may stand in its own README', () => {
  const docs = readFileSync('docs/configuration.md', 'utf8');
  const own = [...providers.map(({ name }) => `providers/${name}`), ...sinkPlugins.map(({ type }) => `sinks/${type}`)]
    .map((folder) => `src/${folder}/README.md`)
    .filter((file) => existsSync(file))
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');

  const keys = keysIn(jsonSchema(registries));

  expect(keys.size).toBeGreaterThan(50);
  expect([...keys].filter((key) => !names(example, key) && !names(own, key))).toEqual([]);
  expect([...keys].filter((key) => !names(docs, key) && !names(own, key))).toEqual([]);
});

test('the schema is JSON Schema, is the one in the repository, and takes the example', () => {
  const schema = jsonSchema(registries);

  const validate = new Ajv({ strict: false }).compile(schema);

  expect(JSON.parse(readFileSync('config/muster.schema.json', 'utf8'))).toEqual(JSON.parse(JSON.stringify(schema)));
  expect(validate(parse(example)), JSON.stringify(validate.errors)).toBe(true);
  expect(validate({ ...(parse(example) as object), accuonts: [] })).toBe(false);
});

function names(text: string, key: string): boolean {
  return new RegExp(`(?<![\\w.-])${key.replaceAll('.', '\\.')}(?![\\w-])`).test(text);
}

function keysIn(schema: unknown, found = new Set<string>()): Set<string> {
  if (typeof schema !== 'object' || schema === null) return found;
  for (const [keyword, value] of Object.entries(schema)) {
    const below = typeof value === 'object' && value !== null ? Object.keys(value) : [];
    if (keyword === 'properties') for (const key of below) found.add(key);
    keysIn(value, found);
  }
  return found;
}
