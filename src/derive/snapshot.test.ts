import { expect, test } from 'vitest';
import { consoleUser, DAY, HOUR, known, loaded, T0, user } from '../../test/kit/records.ts';
import type { Derived } from '../domain/event.ts';
import { EVENT_KINDS } from '../domain/event.ts';
import type { LoadedReport } from '../domain/loaded.ts';
import { derive } from './derive.ts';
import { selects } from './select.ts';

const findings = (previous: LoadedReport | undefined, current: LoadedReport): readonly Derived[] =>
  derive(previous, current).filter(({ kind }) => kind === 'finding');
const types = (all: readonly Derived[]) => all.map(({ event }) => `${event.type} ${event.identity?.name}`);

const MORNING = Date.UTC(2026, 8, 12, 0, 0, 1);
const first = loaded([consoleUser('alice'), consoleUser('bob')]);
const evening = loaded([consoleUser('alice'), consoleUser('bob')], { previous: first, generatedAt: T0 + 11 * HOUR });
const morning = loaded([consoleUser('alice'), consoleUser('bob', { mfa: known(true) }), consoleUser('carol')], {
  previous: evening,
  generatedAt: MORNING,
});

test('with the first report of a UTC day, what stays open is told, and with no other', () => {
  expect(types(findings(undefined, first))).toEqual(['finding.baseline alice', 'finding.baseline bob']);
  expect(findings(first, evening)).toEqual([]);
  expect(types(findings(evening, morning))).toEqual([
    'finding.opened carol',
    'finding.closed bob',
    'finding.open alice',
  ]);
  expect(
    findings(morning, loaded([consoleUser('alice')], { previous: morning })).map(({ event }) => event.type),
  ).toEqual(['finding.closed']);
});

test('it has the id of the finding, and an id of its own for each report', () => {
  const next = loaded([consoleUser('alice')], { previous: morning, generatedAt: MORNING + DAY });

  const [monday] = findings(evening, morning).filter(({ event }) => event.type === 'finding.open');
  const [tuesday] = findings(morning, next).filter(({ event }) => event.type === 'finding.open');

  expect(monday?.event).toMatchObject({
    status: 'open',
    cause: 'report',
    severity: 'high',
    data: { since: '2026-09-11T12:00:00Z' },
  });
  expect(monday?.event.finding_id).toBe(tuesday?.event.finding_id);
  expect(monday?.event.id).not.toBe(tuesday?.event.id);
  expect(monday?.event.id).toBe(findings(evening, morning).at(-1)?.event.id);
});

test('the summary counts it', () => {
  const summary = derive(evening, morning).at(-1)?.event;

  expect(summary?.data).toMatchObject({ by_kind: { finding: 3 }, open_findings: 2 });
});

test('a sink may do without it, and misses nothing that opens or closes', () => {
  const sent = (findings?: 'changed' | 'changed+daily') =>
    derive(evening, morning)
      .filter((one) => selects({ events: EVENT_KINDS, inventory: 'changed', ...(findings && { findings }) }, one))
      .flatMap(({ kind, event }) => (kind === 'finding' ? [event.type] : []));

  expect(sent('changed')).toEqual(['finding.opened', 'finding.closed']);
  expect(sent('changed+daily')).toEqual(['finding.opened', 'finding.closed', 'finding.open']);
  expect(sent()).toEqual(sent('changed+daily'));
});

test('nothing open, nothing told', () => {
  const clean = loaded([user('alice')]);

  expect(findings(clean, loaded([user('alice')], { previous: clean, generatedAt: MORNING }))).toEqual([]);
});
