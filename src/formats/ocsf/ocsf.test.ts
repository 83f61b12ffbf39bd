import { expect, test } from 'vitest';
import { alice, sampleEvents } from '../../../test/kit/sample-events.ts';
import type { Event } from '../../domain/event.ts';
import { ocsf } from './ocsf.ts';

const bytes = (event: Event) => Buffer.byteLength(ocsf.encode(event));
const typed = (type: string) => sampleEvents().find((event) => event.type === type)!;

test('a common event is under 3 kB, two keys, MFA and all cells included', () => {
  expect(bytes(alice())).toBeLessThan(3_000);
  expect(
    sampleEvents()
      .map(bytes)
      .filter((size) => size >= 3_000),
  ).toEqual([]);
});

test('what one searches for stands within the first 5,000 characters, however many keys there are', () => {
  const { data = {}, ...event } = alice();
  const [key] = data['access_keys'] as object[];
  const keys = Array.from({ length: 12 }, (_, slot) => ({ ...key, slot, id: `AKIAIOSFODNN7EXAM${slot}` }));
  const start = ocsf.encode({ ...event, data: { ...data, access_keys: keys } }).slice(0, 5_000);

  expect(start).toContain('"uid":"arn:aws:iam::123456789012:user/alice"');
  expect(start).toContain('"uid":"123456789012"');
  for (const { id } of keys) expect(start).toContain(id);
});

test('every observable stands where its name says', () => {
  for (const event of [alice(), ...sampleEvents()]) {
    const written = JSON.parse(ocsf.encode(event));
    for (const { name, value } of written.observables) {
      const found = name.split(/[.[\]]+/).reduce((part: Record<string, unknown>, key: string) => part[key], written);
      expect([name, found]).toEqual([name, value]);
    }
  }
});

test('both keys of a rotation can be searched for', () => {
  const rotated = typed('access_key.rotated');
  const credential = { ...rotated.credential!, id: 'AKIA2' };
  const { observables } = JSON.parse(ocsf.encode({ ...rotated, credential, after: { ...rotated.after, id: 'AKIA2' } }));

  expect(observables).toMatchObject([
    { name: 'entity_result.uid', type_id: 19, value: 'AKIA2' },
    { name: 'entity.uid', type_id: 19, value: 'AKIA1' },
    {},
    {},
    {},
  ]);
});

test('an event is one line', () => {
  const event = { ...alice(), message: 'one\ntwo\r\n\u2028three' };

  expect(ocsf.encode(event)).not.toMatch(/[\r\n]/);
});

test('time is when it happened, logged_time when Muster learned of it, and the window is between', () => {
  const event = typed('access_key.rotated');
  const written = JSON.parse(ocsf.encode(event));

  expect(written).toMatchObject({
    time: Date.parse(event.occurred_at),
    time_dt: event.occurred_at,
    start_time: Date.parse('2026-09-11T12:00:00Z'),
    end_time: Date.parse('2026-09-11T16:00:00Z'),
    metadata: { uid: event.id, logged_time: Date.parse(event.time), original_time: event.report.generated_at },
  });
});

test('a rotation names the key that went and the key that came', () => {
  const { entity, entity_result } = JSON.parse(ocsf.encode(typed('access_key.rotated')));

  expect([entity, entity_result]).toMatchObject([
    { uid: 'AKIA1', type: 'AWS Access Key', user: { name: 'keys' } },
    { uid: 'arn:aws:iam::123456789012:user/keys#access_key/2026-09-11T13:00:00Z', type: 'AWS Access Key' },
  ]);
});

test("the window of Muster's own state is kept, and it is of no cloud", () => {
  const written = JSON.parse(ocsf.encode(typed('health.sink.failing')));

  expect(written).toMatchObject({
    status_code: 'denied',
    status_detail: 'may not',
    metadata: { profiles: ['datetime'] },
    unmapped: { account: { provider: 'muster', id: 'main' } },
  });
  expect(written.cloud).toBeUndefined();
});

test.each([
  ['finding.opened', 'report', 'open', 'New'],
  ['finding.closed', 'report', 'closed', 'Resolved'],
  ['finding.closed', 'rules', 'closed', 'Archived'],
  ['finding.closed', 'exception', 'closed', 'Suppressed'],
])('a %s by %s is %s: %s', (type, cause, status, caption) => {
  const written = JSON.parse(ocsf.encode({ ...typed(type), cause, status }));

  expect(written).toMatchObject({ status: caption, status_detail: cause });
});

test('a closed finding does not claim that the check was passed', () => {
  const closed = sampleEvents().find(
    ({ type, check }) => type === 'finding.closed' && check?.id === 'root.key.exists',
  )!;

  expect(JSON.parse(ocsf.encode(closed)).compliance).not.toHaveProperty('status_id');
});

test('a credential has one name in inventory, change and finding', () => {
  const uid = 'arn:aws:iam::123456789012:user/alice#access_key/2026-06-03T12:00:00Z';
  const identity = { kind: 'user', id: 'arn:aws:iam::123456789012:user/alice', name: 'alice' };
  const about = { identity, credential: { kind: 'access_key', created_at: '2026-06-03T12:00:00Z' } };
  const after = { active: true, created_at: '2026-06-03T12:00:00Z' };

  expect(ocsf.encode(alice())).toContain(`"uid":"${uid}"`);
  expect(ocsf.encode({ ...typed('access_key.created'), ...about, after })).toContain(`"uid":"${uid}"`);
  expect(ocsf.encode({ ...typed('finding.opened'), ...about })).toContain(`"uid":"${uid}"`);
});
