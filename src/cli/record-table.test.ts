import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DATA_SCHEMAS } from '../formats/plain-data-schema.ts';
import { providers } from '../providers/registry.ts';
import { recordTables } from './record-table.ts';

const documented = readFileSync(join(import.meta.dirname, '../../docs/records.md'), 'utf8');
const tabled = providers.flatMap(({ name, kinds }) =>
  Object.values(kinds).flatMap(({ columns }) => (columns === undefined ? [] : [{ name, ...columns }])),
);

/** What the page says of one column and one sentinel. */
function said(field: string, column: string, sentinel: string): string | undefined {
  const lines = documented.split('\n').map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '')));
  const header = lines.find(([first]) => first === 'field');
  const row = lines.find((cells) => cells[0] === `\`${field}\`` && cells[1] === `\`${column}\``);
  return row?.[header?.indexOf(`\`${sentinel}\``) ?? -1];
}

// `node --import tsx src/cli/main.ts schema records > docs/records.md` writes the page anew.
test('every word of the page is what the parsers answer today', () => {
  expect(recordTables()).toBe(documented);
});

test.each([
  ['console_last_used_at', 'password_last_used', 'no_information', '`never`'],
  ['console_last_used_at', 'password_last_used', 'N/A', 'root, with: `unknown`; without: `absent`'],
  ['password_changed_at', 'password_last_changed', 'not_supported', '`unsupported`'],
  ['access_keys.last_used_at', 'access_key_1_last_used_date', 'N/A', '`never`'],
  ['console_enabled', 'password_exist', 'LOGIN_DISABLED', '`false`'],
  ['console_last_used_at', 'user_last_logon', '-', '`never`'],
  ['password_changed_at', 'PasswordLastRotation', 'FALSE', '`absent`'],
  ['mfa_enabled', 'MFADeviceActive', 'not_supported', '`unsupported`'],
])('%s of %s: %s is %s', (field, column, sentinel, word) => {
  expect(said(field, column, sentinel)).toBe(word);
});

test('every field of a record is on the page', () => {
  const { properties } = DATA_SCHEMAS.inventory as {
    readonly properties: Readonly<Record<string, { items?: unknown }>>;
  };
  const fields = Object.entries(properties).flatMap(([name, { items }]) => [name, ...namesIn(name, items)]);
  const wanted = fields.filter((name) => !/_(?:reason|why)$|\.slot$|^service_credentials\.|^cells$/.test(name));

  expect(wanted.filter((name) => !documented.includes(`\`${name}\``) && !hasEntries(name))).toEqual([]);
});

function namesIn(list: string, items: unknown): readonly string[] {
  const { properties = {} } = (items ?? {}) as { readonly properties?: object };
  return Object.keys(properties).map((name) => `${list}.${name}`);
}

/** A list is on the page by its entries' fields. */
function hasEntries(list: string): boolean {
  return documented.includes(`\`${list}.`);
}

test.each(tabled)(
  'of $name, every column is of a field, of another slot, or kept as a cell alone',
  ({ sample, fields }) => {
    const [header = []] = sample;
    const told = new Set(fields.map(([, column]) => column));
    const alone = /^(?:user|arn|Account ID|Username|UserType|PasswordEnabled|AccessKey1CreatedOver\d+Days)$/;
    const isOther = (column: string) => /^(?:access_key_2|cert_2|AccessKey2)/.test(column);

    expect(header.filter((column) => !told.has(column) && !isOther(column) && !alone.test(column))).toEqual([]);
  },
);

test('every cloud has a table', () => {
  expect(tabled.map(({ name }) => name)).toEqual(providers.map(({ name }) => name));
});
