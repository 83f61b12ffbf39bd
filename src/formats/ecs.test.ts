import { expect, test } from 'vitest';
import { alice, sampleEvents } from '../../test/kit/sample-events.ts';
import type { Event } from '../domain/event.ts';
import { ecs } from './ecs.ts';

const typed = (type: string) => sampleEvents().find((event) => event.type === type)!;
const written = (event: Event) => JSON.parse(ecs.encode(event));

test('an identity of an inventory is an asset with an entity', () => {
  expect(written(alice())).toMatchObject({
    '@timestamp': '2026-09-11T12:01:30Z',
    event: {
      kind: 'asset',
      category: ['iam'],
      type: ['user', 'info'],
      action: 'inventory',
      dataset: 'muster.inventory',
    },
    user: { id: 'arn:aws:iam::123456789012:user/alice', name: 'alice', entity: { attributes: { mfa_enabled: true } } },
    entity: { type: ['user'] },
    cloud: { provider: 'aws', account: { id: '123456789012', name: 'prod' }, service: { name: 'iam' } },
    ecs: { version: '9.4.0' },
    muster: { data: { console_enabled: true } },
  });
  expect(written(alice()).event.original).toMatch(/^user,arn,.*\nalice,arn:aws:iam/);
  expect(written(alice()).muster.data).not.toHaveProperty('cells');
});

test.each([
  ['user.created', ['user', 'creation'], 'user-created'],
  ['user.deleted', ['user', 'deletion'], 'user-deleted'],
  ['access_key.created', ['user', 'creation'], 'access-key-created'],
  ['access_key.rotated', ['user', 'change'], 'access-key-rotated'],
  ['mfa.disabled', ['user', 'change'], 'mfa-disabled'],
])('%s is of the types %j, and its user is the target: who did it is not known', (type, types, action) => {
  const { event, user } = written(typed(type));

  expect(event).toMatchObject({ kind: 'event', category: ['iam'], type: types, action });
  expect(Object.keys(user)).toEqual(['target']);
});

test.each([
  ['finding.opened', 'alert'],
  ['finding.baseline', 'state'],
  ['finding.closed', 'state'],
])('%s is an %s with a rule', (type, kind) => {
  const event = typed(type);

  expect(written(event)).toMatchObject({ event: { kind, category: ['iam'] }, rule: { id: event.check!.id } });
});

test("Muster's own state has no category, an outcome and an error", () => {
  const { event, error } = written(typed('health.source.failing'));

  expect(event).toMatchObject({ kind: 'event', outcome: 'failure' });
  expect(event).not.toHaveProperty('category');
  expect(error).toEqual({ code: 'denied', message: 'may not' });
});

test('the event is told when Muster learned of it, and started when it happened', () => {
  const event = typed('access_key.rotated');

  expect(written(event)).toMatchObject({
    '@timestamp': event.time,
    event: { id: event.id, start: event.occurred_at, created: event.report.collected_at },
  });
});

test('data sets are named as data streams want it', () => {
  for (const event of sampleEvents()) expect(written(event).event.dataset).toMatch(/^[a-z_.]{1,100}$/);
});

test('what has no field of ECS stands under muster, whole', () => {
  const event = typed('access_key.rotated');
  const { kind, type, severity, identity, credential, before, after, data, report } = event;

  expect(written(event).muster).toMatchObject(
    JSON.parse(JSON.stringify({ kind, type, severity, identity, credential, before, after, data, report })),
  );
});
