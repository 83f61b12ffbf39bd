import { expect, test } from 'vitest';
import { DAY, loaded, T0 } from '../../test/kit/records.ts';
import { COVERAGE_STATES, type Coverage } from '../domain/coverage.ts';
import type { Event } from '../domain/event.ts';
import { Fault } from '../domain/fault.ts';
import { sourceName } from '../domain/names.ts';
import { derive } from './derive.ts';

const SOURCE = sourceName({ provider: 'muster', accountId: 'main', kind: 'coverage' });

test('an account is told with its state, why, who answers for it and how old its report is', () => {
  const [event] = events([
    account({
      labels: { bu: 'retail' },
      state: 'excluded',
      why: ['sandbox'],
      owner: 'payments',
      until: '2027-03-01',
      generated_at: '2026-09-11T11:00:00Z',
    }),
  ]);

  expect(event).toMatchObject({
    kind: 'health',
    type: 'account.status',
    severity: 'informational',
    message: 'account prod (aws/1) is excluded: sandbox',
    account: { provider: 'aws', id: '1', name: 'prod', labels: { bu: 'retail' } },
    data: { state: 'excluded', why: ['sandbox'], owner: 'payments', until: '2027-03-01', age_seconds: 3_600 },
  });
});

test('every account is told each time, although nothing is new, and under a new id', () => {
  const accounts = [account(), account({ account_id: '2', name: 'other' })];
  const first = loaded([], { source: SOURCE, coverage: accounts });
  const second = loaded([], { source: SOURCE, coverage: accounts, previous: first, generatedAt: T0 + DAY });
  const [before, after] = [derive(undefined, first), derive(first, second)].map((derived) =>
    derived.flatMap(({ event }) => (event.type === 'account.status' ? [event.id] : [])),
  );

  expect(before).toHaveLength(2);
  expect(after).toHaveLength(2);
  expect(new Set([...before!, ...after!]).size).toBe(4);
});

test('its name and the words for why take no part in the id', () => {
  const [one] = events([account()]);
  const [other] = events([account({ name: 'renamed', state: 'stale', why: ['old'] })]);

  expect(other?.id).toBe(one?.id);
});

test.each(COVERAGE_STATES)('%s has a severity, and a name cannot break the message', (state) => {
  const [event] = events([account({ state, name: 'a\u001b[31m\nb' })]);

  expect(event?.severity).toMatch(/^(informational|low|medium)$/);
  expect(event?.message).toMatch(/^[ -~]+$/);
});

test('a report without its part is damaged, and says which one', () => {
  expect(() => derive(undefined, loaded([], { source: SOURCE }))).toThrow(Fault);
});

function events(coverage: readonly Coverage[]): readonly Event[] {
  return derive(undefined, loaded([], { source: SOURCE, coverage })).map(({ event }) => event);
}

function account(changes: Partial<Coverage> = {}): Coverage {
  return { provider: 'aws', account_id: '1', name: 'prod', state: 'covered', why: [], ...changes };
}
