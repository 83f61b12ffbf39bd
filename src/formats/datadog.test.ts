import { expect, test } from 'vitest';
import { alice, sampleEvents } from '../../test/kit/sample-events.ts';
import type { Event } from '../domain/event.ts';
import { datadog } from './datadog.ts';

/** Datadog's own list of `aws.iam_credential_report`. */
const FIELDS = {
  _key: 'string',
  access_key_1_active: 'bool',
  access_key_1_last_rotated: 'timestamp',
  access_key_1_last_used_date: 'timestamp',
  access_key_1_last_used_region: 'string',
  access_key_1_last_used_service: 'string',
  access_key_2_active: 'bool',
  access_key_2_last_rotated: 'timestamp',
  access_key_2_last_used_date: 'timestamp',
  access_key_2_last_used_region: 'string',
  access_key_2_last_used_service: 'string',
  account_id: 'string',
  arn: 'string',
  cert_1_active: 'bool',
  cert_1_last_rotated: 'timestamp',
  cert_2_active: 'bool',
  cert_2_last_rotated: 'timestamp',
  mfa_active: 'bool',
  password_enabled: 'bool',
  password_last_changed: 'timestamp',
  password_last_used: 'timestamp',
  password_next_rotation: 'timestamp',
  tags: 'hstore_csv',
  user: 'string',
  user_creation_time: 'timestamp',
} as const;

const TYPES = {
  string: /^".*"$/,
  bool: /^(true|false)$/,
  timestamp: /^"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z"$/,
  hstore_csv: /^".*"$/,
} as const;

const written = (event: Event) => JSON.parse(datadog.encode(event));
const withCells = (cells: Record<string, string>, data: object = {}): Event => {
  const event = alice();
  return { ...event, data: { ...event.data, ...data, cells } };
};

test("an AWS inventory is a row of Datadog's data set: its fields, all of them, and no other", () => {
  expect(Object.keys(written(alice())).sort()).toEqual(Object.keys(FIELDS).sort());
});

test('each field has its type, or null where the cloud says that there is nothing', () => {
  const row = written(alice());

  for (const [field, type] of Object.entries(FIELDS)) {
    if (row[field] !== null)
      expect([field, JSON.stringify(row[field])]).toEqual([field, expect.stringMatching(TYPES[type])]);
  }
  expect(row).toMatchObject({
    _key: 'arn:aws:iam::123456789012:user/alice',
    account_id: '123456789012',
    access_key_1_active: true,
    access_key_1_last_used_region: 'eu-central-1',
    access_key_2_active: false,
    access_key_2_last_used_date: null,
    access_key_2_last_used_region: null,
    password_next_rotation: null,
    tags: null,
  });
});

test('a date with an offset is written in UTC, and words in its place are null', () => {
  const row = written(
    withCells({
      user_creation_time: '2019-07-03T04:17:54+00:00',
      password_last_used: 'no_information',
      password_enabled: 'not_supported',
      mfa_active: 'TRUE',
    }),
  );

  expect(row).toMatchObject({
    user_creation_time: '2019-07-03T04:17:54Z',
    password_last_used: null,
    password_enabled: null,
    mfa_active: true,
    arn: null,
  });
});

test("a user's tags are written as Datadog writes tags", () => {
  expect(written(withCells({}, { tags: { team: 'core', note: 'a, "b"' } })).tags).toBe('"note:a, ""b""",team:core');
});

test('Alibaba Cloud has a table of the same kind, with as many keys as there are', () => {
  const event = withCells({
    user: 'bob@corp.onaliyun.com',
    user_last_logon: '-',
    password_exist: 'LOGIN_DISABLED',
    mfa_active: 'TRUE',
    access_key_1_last_rotated: '2026-08-12T12:00:00Z',
    additional_access_key_1_exist: 'TRUE',
    additional_access_key_1_last_used: 'N/A',
  });
  const row = written({
    ...event,
    account: { ...event.account, provider: 'alibaba', id: '1234567890123456' },
    identity: { kind: 'user', id: 'bob', name: 'bob@corp.onaliyun.com' },
  });

  expect(row).toMatchObject({
    _key: '1234567890123456/bob',
    user: 'bob@corp.onaliyun.com',
    user_last_logon: null,
    password_exist: null,
    mfa_active: true,
    access_key_1_last_rotated: '2026-08-12T12:00:00Z',
    additional_access_key_1_exist: true,
    additional_access_key_1_last_used: null,
    account_id: '1234567890123456',
    tags: null,
  });
});

test("Tencent Cloud's dates have no zone: the record's instants stand in their place", () => {
  const cells = {
    'Account ID': '100012345678',
    Username: 'carol',
    CreationTime: '2019-08-16 9:25:56',
    PasswordLastRotation: 'unknown:no_api',
    AccessKey1SecretId: 'AKIDexample',
    AccessKey1Status: 'Active',
    AccessKey1MayBeAtRisk: 'unknown:no_api',
    AccessKey1CreationTime: '2026-08-12 20:00:00',
    AccessKey2Status: 'N/A',
  };
  const event = withCells(cells, { created_at: '2019-08-16T01:25:56Z', password_changed_at: undefined });
  const row = written({ ...event, account: { ...event.account, provider: 'tencent' } });

  expect(row).toMatchObject({
    user_account_id: '100012345678',
    username: 'carol',
    creation_time: '2019-08-16T01:25:56Z',
    password_last_rotation: null,
    access_key_1_secret_id: 'AKIDexample',
    access_key_1_status: 'Active',
    access_key_1_may_be_at_risk: null,
    access_key_1_creation_time: '2026-08-12T12:00:00Z',
    access_key_2_status: null,
  });
});

test('all else is a log: status, tags and attributes by their names in Datadog', () => {
  const event = sampleEvents().find(({ type }) => type === 'mfa.disabled')!;

  expect(written(event)).toMatchObject({
    ddsource: 'muster',
    service: 'muster',
    ddtags: 'kind:change,provider:aws,account_id:123456789012,account:prod,bu:retail',
    timestamp: event.time,
    status: 'error',
    message: event.message,
    evt: { id: event.id, name: 'mfa.disabled', category: 'change' },
    usr: { id: event.identity!.id, name: event.identity!.name },
    muster: { before: { mfa_enabled: true }, after: { mfa_enabled: false } },
  });
});

test('an inventory of a cloud without a table is a log too', () => {
  expect(written({ ...alice(), account: { ...alice().account, provider: 'toy' } })).toMatchObject({
    ddsource: 'muster',
  });
});
