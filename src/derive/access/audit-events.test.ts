import { expect, test } from 'vitest';
import { access, accessAudit, address, anIdentity, keyAudit, keyUse, unread, used } from '../../../test/kit/audits.ts';
import { DAY, HOUR, known, NEVER, T0, UNKNOWN } from '../../../test/kit/records.ts';
import type { LoadedReport } from '../../domain/loaded.ts';
import { derive } from '../derive.ts';
import { selects } from '../select.ts';

const S3 = access('alice', 's3', {
  ...used(HOUR),
  serviceName: 'Amazon S3',
  grantedBy: [{ policy: 'Admin', via: 'group:ops' }],
});
const rows = [
  S3,
  access('alice', 's3', { action: 'CreateBucket', ...used(2 * HOUR) }),
  access('alice', 's3', { action: 'DeleteBucket' }),
  access('alice', 's3', { action: 'PutBucketAcl', lastUsedAt: UNKNOWN }),
  unread('bob'),
];
const accessOf = (previous: LoadedReport | undefined, current: LoadedReport) =>
  derive(previous, current).filter(({ event }) => event.kind === 'access');

test('an identity and a service are one event, with its actions folded in', () => {
  const [service, whole] = accessOf(undefined, accessAudit(rows)).map(({ event }) => event);

  expect(service).toMatchObject({
    type: 'access.service',
    message: 'access to s3 of alice in prod',
    identity: { kind: 'user', name: 'alice' },
    data: {
      service: 's3',
      service_name: 'Amazon S3',
      granted: true,
      granted_by: [{ policy: 'Admin', via: 'group:ops' }],
      last_used_at: '2026-09-11T11:00:00Z',
      last_used_region: 'eu-central-1',
      actions: [{ action: 'CreateBucket', last_used_at: '2026-09-11T10:00:00Z', last_used_region: 'eu-central-1' }],
      unused_actions: ['DeleteBucket'],
      untold_actions: ['PutBucketAcl'],
    },
  });
  expect(whole).toMatchObject({
    type: 'access.identity',
    identity: { name: 'bob' },
    data: { services: 0, complete: false, why: ['a page could not be read'] },
  });
});

test('a key is one event, and each service that it was used for one more', () => {
  const uses = [
    keyUse('AKIA1', 'key', { why: ['only management events are seen'] }),
    keyUse('AKIA1', 'service', { count: known(7), region: known('eu-central-1') }),
    keyUse('AKIA1', 'event', { name: 'CreateBucket', count: known(2) }),
    keyUse('AKIA1', 'resource', { name: 'logs', type: 'AWS::S3::Bucket' }),
    address('AKIA1', '203.0.113.7', { service: 's3' }),
    address('AKIA1', '198.51.100.1'),
  ];
  const [key, service] = accessOf(undefined, keyAudit(uses)).map(({ event }) => event);

  expect(key).toMatchObject({
    type: 'access.key',
    message: 'use of access key AKIA1 of alice in prod, last on 2026-09-11T11:00:00Z',
    credential: { kind: 'access_key', id: 'AKIA1', created_at: '2026-06-03T12:00:00Z' },
    data: {
      active: true,
      last_used_at: '2026-09-11T11:00:00Z',
      complete: true,
      services: ['s3'],
      regions: ['eu-central-1'],
      networks: ['198.51.100.0/24', '203.0.113.0/24'],
      addresses: [{ address: '198.51.100.1', network: '198.51.100.0/24' }],
      why: ['only management events are seen'],
    },
  });
  expect(service).toMatchObject({
    type: 'access.key_service',
    data: {
      service: 's3',
      count: 7,
      events: [{ event: 'CreateBucket', count: 2 }],
      addresses: [{ address: '203.0.113.7' }],
      resources: [{ resource: 'logs', type: 'AWS::S3::Bucket' }],
    },
  });
});

test('long lists are cut, newest kept, and the event says how much it left out', () => {
  const uses = [
    keyUse('AKIA1', 'key'),
    ...Array.from({ length: 60 }, (_, at) =>
      keyUse('AKIA1', 'event', { name: `Event${at}`, lastUsedAt: known(T0 - DAY + at * 1_000) }),
    ),
  ];
  const service = accessOf(undefined, keyAudit(uses)).find(({ event }) => event.type === 'access.key_service')!;

  expect(service.event.data).toMatchObject({ cut: { events: 10 } });
  expect(service.event.data?.['events']).toHaveLength(50);
  expect(service.event.data).toHaveProperty('events.0.event', 'Event59');
});

test("a sink's inventory policy chooses them: last-used times are looked past", () => {
  const previous = accessAudit([S3, access('bob', 'ec2', used(DAY)), access('carol', 'ec2')]);
  const later = { lastUsedAt: known(T0 + HOUR) };
  const after = [{ ...S3, ...later }, access('bob', 'ec2', { granted: known(false) }), access('carol', 'ec2', later)];
  const sameDay = accessAudit(after, { previous, generatedAt: T0 + 2 * HOUR });
  const nextDay = accessAudit(after, { previous });
  const sent = (current: LoadedReport, inventory: 'every' | 'changed' | 'daily' | 'changed+daily') =>
    accessOf(previous, current)
      .filter((derived) => selects({ events: ['access'], inventory }, derived))
      .map(({ event }) => event.identity?.name);

  expect(sent(sameDay, 'changed+daily')).toEqual(['bob', 'carol']);
  expect(sent(sameDay, 'every')).toEqual(['alice', 'bob', 'carol']);
  expect(sent(sameDay, 'daily')).toEqual([]);
  expect(sent(nextDay, 'changed')).toEqual(['bob', 'carol']);
  expect(sent(nextDay, 'changed+daily')).toEqual(['alice', 'bob', 'carol']);
  expect(
    derive(previous, nextDay).some((derived) => selects({ events: ['change'], inventory: 'every' }, derived)),
  ).toBe(true);
});

test('the summary counts identities, whatever the number of rows', () => {
  const report = accessAudit([
    ...rows,
    access('root', 's3', { identity: anIdentity('root', { kind: 'root' }), lastUsedAt: NEVER }),
  ]);
  const summary = derive(undefined, report).at(-1)?.event;

  expect(summary?.data).toMatchObject({ identities: 3, rows: 6, by_kind: { access: 3, inventory: 0 } });
  expect(summary?.message).toContain('identities 3, events 3');
});

test('a service of which no row tells a time is told the same in any order', () => {
  const uses = [
    keyUse('AKIA1', 'event', { name: '198.51.100.1', service: 's3', lastUsedAt: NEVER }),
    address('AKIA1', '198.51.100.1', { service: 's3', lastUsedAt: UNKNOWN }),
  ];
  const dataOf = (some: typeof uses) => accessOf(undefined, keyAudit(some)).map(({ event }) => event.data);

  expect(dataOf(uses.toReversed())).toEqual(dataOf(uses));
});
