import { expect, test } from 'vitest';
import { toyRegistries } from '../../test/kit/toy-registries.ts';
import { canaryUsed } from '../derive/checks/canary-used.ts';
import { ConfigError } from './config-error.ts';
import { parseConfig } from './load.ts';

const registries = { ...toyRegistries(), checks: [canaryUsed] };
const parse = (canary: string) =>
  parseConfig(`archive: a\naccounts: []\nchecks: { canary.used: ${canary} }\n`, 'm.yaml', registries, {});
const rule = async (canary: string) => (await parse(canary)).rules['canary.used'];

test('naming canaries switches their check on', async () => {
  expect(await rule('{}')).toMatchObject({ enabled: false, lists: { identities: [], keys: [] } });
  expect(await rule('{ identities: [] }')).toMatchObject({ enabled: false });
  expect(await rule('{ identities: ["c-*"] }')).toMatchObject({
    enabled: true,
    lists: { identities: ['c-*'], keys: [] },
  });
  expect(await rule('{ enabled: false, identities: ["c-*"] }')).toMatchObject({ enabled: false });
});

test('the id of a key may be named here: it opens nothing', async () => {
  expect(await rule('{ keys: [AKIAIOSFODNN7EXAMPLE] }')).toMatchObject({ lists: { keys: ['AKIAIOSFODNN7EXAMPLE'] } });
});

test.each([
  ['{ keys: ["AKIAIOSFODNN7EXAMPLE:wJalrXUtnFEMI/K7MDENG"] }', 'looks like an AWS access key id'],
  ['{ keys: AKIAIOSFODNN7EXAMPLE }', 'checks.canary.used.keys: must be a list'],
  ['{ identities: ["("] }', 'is no regular expression'],
  ['{ users: [a] }', 'unknown key "users"'],
])('%s is a mistake', async (canary, expected) => {
  const failure: unknown = await parse(canary).catch((one: unknown) => one);

  expect(failure).toBeInstanceOf(ConfigError);
  expect(String(failure)).toContain(expected);
});
