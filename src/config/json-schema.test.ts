import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { toyRegistries } from '../../test/kit/toy-registries.ts';
import { jsonSchema } from './json-schema.ts';

const validate = new Ajv({ strict: false }).compile(jsonSchema(toyRegistries()));
const account = { provider: 'aws', account_id: '123456789012' };
const small = { archive: 'a', accounts: [account] };

test.each<[string, object]>([
  ['a small config', small],
  ['references', { ...small, queue: '${env:REDIS}', accounts: [{ ...account, account_id: '${env:ID}' }] }],
  ['half an account as defaults', { ...small, defaults: { aws: { auth: { access_key: { access_key_id: 'x' } } } } }],
  [
    'a schema that refers to itself',
    {
      ...small,
      accounts: [
        { provider: 'alibaba', account_id: '1234567890123456', auth: { role: { name: 'r', base: { profile: 'p' } } } },
      ],
    },
  ],
  [
    'sinks',
    {
      ...small,
      sinks: [
        { name: 's', type: 'file', path: 'x' },
        { name: 't', type: 'stdout', start: 'all' },
      ],
    },
  ],
  ['http switched off', { ...small, http: false }],
])('%s is taken', (_, config) => {
  expect(validate(config), JSON.stringify(validate.errors)).toBe(true);
});

test.each<[string, object]>([
  ['no archive', { accounts: [] }],
  ['an unknown key', { ...small, tic: 'x' }],
  ['an unknown key of an account', { ...small, accounts: [{ ...account, lables: {} }] }],
  ['an account id that is a number', { ...small, accounts: [{ ...account, account_id: 123456789012 }] }],
  ['another plugin’s key', { ...small, sinks: [{ name: 's', type: 'stdout', path: 'x' }] }],
  ['an unknown check', { ...small, checks: { nope: {} } }],
  ['a name in defaults', { ...small, defaults: { aws: { name: 'x' } } }],
])('%s is refused', (_, config) => {
  expect(validate(config)).toBe(false);
});
