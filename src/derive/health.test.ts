import { expect, test } from 'vitest';
import { loaded } from '../../test/kit/records.ts';
import type { Event } from '../domain/event.ts';
import { Fault } from '../domain/fault.ts';
import type { Health, Trouble } from '../domain/health.ts';
import { sourceName } from '../domain/names.ts';
import { derive } from './derive.ts';

const HEALTH = sourceName({ provider: 'muster', accountId: 'main', kind: 'health' });
const PROD = 'aws/123456789012/credential-report';
const SINCE = '2026-09-11T09:00:00Z';

function trouble(changes: Partial<Trouble> = {}): Trouble {
  return { state: 'failing', fault: 'denied', message: 'may not list', since: SINCE, ...changes };
}

function health(sources: Health['sources'], sinks: Health['sinks'] = {}): Health {
  return { version: 1, sources, sinks };
}

function events(before: Health | undefined, after: Health): readonly Event[] {
  const previous = before && loaded([], { source: HEALTH, health: before });
  const current = loaded([], { source: HEALTH, health: after, previous });
  return derive(previous, current).map(({ event }) => event);
}

test('a source that began to fail is told with its own account, since when and why', () => {
  const [event] = events(health({}), health({ [PROD]: trouble() }));

  expect(event).toMatchObject({
    kind: 'health',
    type: 'health.source.failing',
    severity: 'medium',
    occurred_at: SINCE,
    message: `source ${PROD} is failing: may not list`,
    account: { provider: 'aws', id: '123456789012', name: '123456789012', labels: {} },
    after: { state: 'failing', fault: 'denied' },
    data: { source: PROD, state: 'failing', fault: 'denied', message: 'may not list', since: SINCE },
  });
});

test('a sink has no account of its own: the event is about the deployment', () => {
  const [event] = events(health({}), health({}, { siem: trouble({ state: 'held' }) }));

  expect(event).toMatchObject({ type: 'health.sink.held', severity: 'high', account: { name: 'prod' } });
});

test.each<[string, Record<string, Trouble>, Record<string, Trouble>, string[]]>([
  ['is as it was', { [PROD]: trouble() }, { [PROD]: trouble() }, []],
  ['says it otherwise', { [PROD]: trouble() }, { [PROD]: trouble({ message: 'still' }) }, []],
  ['fails otherwise', { [PROD]: trouble() }, { [PROD]: trouble({ fault: 'throttled' }) }, ['health.source.failing']],
  ['is late instead', { [PROD]: trouble() }, { [PROD]: trouble({ state: 'late' }) }, ['health.source.late']],
  ['is well again', { [PROD]: trouble() }, {}, ['health.source.recovered']],
  ['left', {}, { [PROD]: trouble({ state: 'left' }) }, ['health.source.left']],
  ['is quarantined', {}, { [PROD]: trouble({ state: 'quarantined' }) }, ['health.source.quarantined']],
])('a source that %s', (_, before, after, expected) => {
  expect(events(health(before), health(after)).map(({ type }) => type)).toEqual([...expected, 'summary.report']);
});

test('a baseline tells all that is wrong, and the summary comes last', () => {
  const types = events(undefined, health({ [PROD]: trouble() }, { siem: trouble() })).map(({ type }) => type);

  expect(types).toEqual(['health.source.failing', 'health.sink.failing', 'summary.report']);
});

test('a name that is no source and a since that is no time harm nothing', () => {
  const [event] = events(
    health({}),
    health({ ['__proto__']: trouble({ since: 'long ago', message: 'a\u001b[2J\nb' }) }),
  );

  expect(event).toMatchObject({ message: 'source __proto__ is failing: a[2Jb', account: { name: 'prod' } });
  expect(event?.occurred_at).toBe(event?.report.generated_at);
});

test('a health report without its part is malformed', () => {
  expect(() => derive(undefined, loaded([], { source: HEALTH }))).toThrow(Fault);
});
