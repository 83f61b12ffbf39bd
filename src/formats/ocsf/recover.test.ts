import fc from 'fast-check';
import { expect, test } from 'vitest';
import { eventsOfCase, goldenCases } from '../../../test/kit/golden-cases.ts';
import { alice, sampleEventsOfAllChecks } from '../../../test/kit/sample-events.ts';
import type { Event, EventCheck } from '../../domain/event.ts';
import { ACCESS_TYPES, EVERY_CHANGE_TYPE, FINDING_TYPES, HEALTH_STATES } from '../../domain/event-types.ts';
import { ocsf } from './ocsf.ts';
import { recover } from './recover.ts';

const ALICE = alice();
const ALL = [ALICE, ...sampleEventsOfAllChecks()];

function recovered(event: Event): unknown {
  return recover(JSON.parse(ocsf.encode(event)));
}

test('every plain field of every event is found again in the OCSF event', () => {
  for (const event of ALL) expect(recovered(event)).toEqual(JSON.parse(JSON.stringify(event)));
});

test('so it is of every event that reports of each cloud mean', () => {
  for (const event of goldenCases().flatMap(eventsOfCase))
    expect(recovered(event)).toEqual(JSON.parse(JSON.stringify(event)));
});

test('there is an event of every type among them', () => {
  const health = ['source', 'sink', 'organization'].flatMap((what) =>
    HEALTH_STATES.map((state) => `health.${what}.${state}`),
  );
  const others = ['account.status', 'inventory.identity', 'summary.report'];

  expect([...new Set(ALL.map(({ type }) => type))].sort()).toEqual(
    [...EVERY_CHANGE_TYPE, ...ACCESS_TYPES, ...FINDING_TYPES, ...health, ...others].sort(),
  );
});

const text = fc.string({ unit: 'grapheme', maxLength: 12 });
const words = fc.dictionary(text, text, { maxKeys: 4 });
const time = fc.oneof(
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc.constantFrom('2026-09-11T12:00:00Z', '2026-09-11T12:00:00+00:00', '+012026-09-11T12:00:00Z', 'soon'),
);
const side = fc.record({ mfa_enabled: fc.boolean(), created_at: time, id: text }, { requiredKeys: [] });

/** What a cloud, a name or a later release may put where an event has something today. */
const twists = fc.record(
  {
    time,
    occurred_at: time,
    message: text,
    account: fc.record({
      provider: fc.constantFrom('aws', 'alibaba', 'tencent', 'muster', 'toy'),
      id: text,
      name: text,
      labels: words,
    }),
    identity: fc.record(
      {
        kind: fc.constantFrom('root', 'user', 'collaborator', 'message_receiver'),
        id: text,
        name: text,
        unique_id: text,
      },
      { requiredKeys: ['kind', 'id', 'name'] },
    ),
    credential: fc.record(
      { kind: fc.constantFrom('access_key', 'certificate'), id: text, created_at: time },
      { requiredKeys: ['kind'] },
    ),
    before: side,
    after: side,
    further: words,
  },
  { requiredKeys: [] },
);

test('and of events with any names, times, sides and fields that came later', { timeout: 60_000 }, () => {
  const changes = ALL.filter(({ kind }) => kind === 'change');

  fc.assert(
    fc.property(fc.constantFrom(...changes), twists, (event, twist) => {
      const twisted = JSON.parse(JSON.stringify({ ...event, ...twist })) as Event;

      expect(recovered(twisted)).toEqual(twisted);
    }),
    { numRuns: 300 },
  );
});

test.each([
  ['controls of one number each', { 'cis-aws-3.0': '1.4', prowler: 'iam_no_root_access_key' }],
  ['controls of several numbers', { 'cis-aws-3.0': ['1.4', '1.5'], prowler: ['a'] }],
  ['controls in another form', [{ standard: 'cis', id: '1.4' }]],
  ['no controls', {}],
])('and of findings whose checks say more: %s', (_, controls) => {
  for (const event of ALL.filter(({ kind }) => kind === 'finding')) {
    const check = { ...event.check!, severity: 'high' as const, remediation: 'remove the key', controls };
    const more = { ...event, check: check as EventCheck, cause: 'exception', status: 'closed' };

    expect(recovered(more)).toEqual(JSON.parse(JSON.stringify(more)));
  }
});

test('and of inventory with any columns and cells', { timeout: 60_000 }, () => {
  const cells = fc.dictionary(fc.string({ unit: 'binary', maxLength: 8 }), fc.string({ unit: 'binary', maxLength: 8 }));

  fc.assert(
    fc.property(cells, twists, (cells, { time = ALICE.time, message = '' }) => {
      const twisted = JSON.parse(JSON.stringify({ ...ALICE, time, message, data: { ...ALICE.data, cells } })) as Event;

      expect(recovered(twisted)).toEqual(twisted);
    }),
    { numRuns: 300 },
  );
});
