import { expect, test } from 'vitest';
import { consoleUser, loaded, root, user } from '../../test/kit/records.ts';
import { sourceName } from '../domain/names.ts';
import { derive } from './derive.ts';

test('what is urgent comes first, and the summary last', () => {
  const previous = loaded([root(), user('bob')]);
  const kinds = derive(previous, loaded([root(), consoleUser('alice')], { previous })).map(({ event }) => event.kind);

  expect(kinds).toEqual(['change', 'change', 'change', 'finding', 'inventory', 'inventory', 'summary']);
});

test('the summary counts everything, before any sink chooses', () => {
  const previous = loaded([root()]);
  const current = loaded([root(), consoleUser('alice')], {
    previous,
    parsed: { unknownColumns: ['extra'], missingColumns: ['cert_1_active'], oddities: ['mfa_active of alice'] },
  });

  const summary = derive(previous, current).at(-1)?.event;

  expect(summary).toMatchObject({
    kind: 'summary',
    type: 'summary.report',
    message: 'report 2 of aws/123456789012/credential-report (prod): identities 2, events 5, open findings 1',
    report: {
      number: 2,
      generated_at: '2026-09-11T16:00:00Z',
      collected_at: '2026-09-11T16:01:30Z',
      next_refresh_at: '2026-09-11T20:00:00Z',
      sha256: 'b'.repeat(64),
    },
    data: {
      identities: 2,
      by_kind: { inventory: 2, change: 2, finding: 1, access: 0, health: 0 },
      open_findings: 1,
      rows: 2,
      columns: 2,
      unknown_columns: ['extra'],
      missing_columns: ['cert_1_active'],
      oddities: 1,
      not_visible: ['service-specific credentials'],
      head: { number: 2, manifest_sha256: current.entry.sha256 },
      base: 'report 1',
      age_seconds: 90,
      origin: 'provider',
    },
  });
});

test('the first report is a baseline and says so', () => {
  const derived = derive(undefined, loaded([consoleUser('alice')]));

  expect(derived.map(({ event }) => event.type)).toEqual(['finding.baseline', 'inventory.identity', 'summary.report']);
  expect(derived.at(-1)?.event.data).toMatchObject({ base: 'baseline' });
});

test('a kind that the table does not name is a list of records', () => {
  const source = sourceName({ provider: 'toy', accountId: '1', kind: 'toy-report' });

  expect(derive(undefined, loaded([user('alice')], { source })).map(({ event }) => event.kind)).toEqual([
    'inventory',
    'summary',
  ]);
});

test('only inventory is held back by a policy', () => {
  const previous = loaded([user('alice')]);
  const derived = derive(previous, loaded([consoleUser('alice')], { previous }));

  for (const one of derived.filter(({ event }) => event.kind !== 'inventory')) {
    expect(one).toMatchObject({ changed: true, daily: true });
  }
});
