import { expect, test } from 'vitest';
import { address, keyAudit, keyUse } from '../../../test/kit/audits.ts';
import { DAY, HOUR, known, NEVER, T0, UNKNOWN } from '../../../test/kit/records.ts';
import type { KeyUse } from '../../domain/access.ts';
import type { Instant } from '../../domain/instant.ts';
import type { LoadedReport } from '../../domain/loaded.ts';
import { derive } from '../derive.ts';

type Rows = readonly KeyUse[];

/** What the last of these reports, each a day after the one before it, tells as changed. */
function news(...reports: readonly Rows[]): readonly string[] {
  let previous: LoadedReport | undefined;
  let told: readonly string[] = [];
  for (const rows of reports) {
    const current = keyAudit(rows, { previous });
    told = derive(previous, current).flatMap(({ event: { kind, type } }) => (kind === 'change' ? [type] : []));
    previous = current;
  }
  return told;
}

function between(first: Instant, last: Instant): Pick<KeyUse, 'firstUsedAt' | 'lastUsedAt'> {
  return { firstUsedAt: known(first), lastUsedAt: known(last) };
}

const WEEKS_AGO = T0 - 21 * DAY;
const home = between(WEEKS_AGO, T0 - HOUR);
const base = [
  keyUse('AKIA1', 'key', home),
  keyUse('AKIA1', 'service', { ...home, region: known('eu-central-1') }),
  address('AKIA1', '203.0.113.7', home),
];
const silent = (['service', 'address'] as const).map((what) =>
  keyUse('AKIA1', what, { service: '', lastUsedAt: UNKNOWN }),
);

/** A use in another region, of another service and from another network. */
function elsewhere(first: Instant, last = first): Rows {
  const times = between(first, last);
  return [
    keyUse('AKIA1', 'service', { ...times, service: 'ec2', region: known('us-west-2') }),
    address('AKIA1', '198.51.100.1', times),
  ];
}

const ALL = ['access_key.new_service', 'access_key.new_region', 'access_key.new_network'];

test('what was used before the last report is learnt and is no news, then or later', () => {
  expect(news(base, [...base, ...elsewhere(WEEKS_AGO)])).toEqual([]);
  expect(news(base, [...base, ...elsewhere(WEEKS_AGO)], [...base, ...elsewhere(WEEKS_AGO, T0 + 25 * HOUR)])).toEqual(
    [],
  );
});

test('what was used since the last report is news, and so is what the trail told late', () => {
  expect(news(base, [...base, ...elsewhere(T0 + HOUR)])).toEqual(ALL);
  expect(news(base, [...base, ...elsewhere(T0 - HOUR)])).toEqual(ALL);
});

test('what was in use before and still is, is no news', () => {
  expect(news(base, [...base, ...elsewhere(WEEKS_AGO, T0 + HOUR)])).toEqual([]);
});

test('a use in a region before the last report says that the region is not new', () => {
  const old = keyUse('AKIA1', 'event', { name: 'RunInstances', ...between(WEEKS_AGO, WEEKS_AGO) });

  const moved = { ...keyUse('AKIA1', 'service', between(WEEKS_AGO, T0 + HOUR)), region: known('us-west-2') };

  expect(news(base, [...base, moved])).toEqual(['access_key.new_region']);
  expect(news(base, [...base, moved, { ...old, region: known('us-west-2') }])).toEqual([]);
});

test('after a region was silent, what was used since it last answered is news', () => {
  const after = [...base, ...elsewhere(T0 + HOUR)];

  expect(news(base, [...base, ...silent], [...base, ...silent], after)).toEqual(ALL);
  expect(news(base, [...base, ...silent], [...base, ...elsewhere(WEEKS_AGO)])).toEqual([]);
});

test('a region that was silent from the first report on mutes no news of the others', () => {
  const first = [...base, ...silent];

  expect(news(first, [...first, ...elsewhere(T0 + HOUR)])).toEqual(ALL);
  expect(news(first, [...first, ...elsewhere(WEEKS_AGO)])).toEqual([]);
});

test('when a region that was always silent answers, its past is learnt', () => {
  const first = [...base, ...silent];

  expect(news(first, [...base, ...elsewhere(WEEKS_AGO, T0 + HOUR)])).toEqual([]);
  expect(news(first, first, [...base, ...elsewhere(T0 + HOUR)])).toEqual([]);
});

test('where only last uses are told, a list that was never told to its end tells nothing as new', () => {
  const untimed = elsewhere(T0 + HOUR).map((row) => ({ ...row, firstUsedAt: UNKNOWN }));

  expect(news([...base, ...silent], [...base, ...silent, ...untimed])).toEqual([]);
  expect(news([...base, ...silent], [...base, ...untimed])).toEqual([]);
  expect(news(base, [...base, ...untimed])).toEqual(ALL);
});

test('where addresses alone were cut from the first report on, one that comes back is not new', () => {
  const cut = [...base, ...silent.filter(({ what }) => what === 'address')];

  expect(news(cut, [...cut, address('AKIA1', '198.51.100.1', between(T0 + HOUR, T0 + HOUR))])).toEqual([]);
});

test('a key that was never used where anybody looked has a past where nobody did', () => {
  const unused = keyUse('AKIA1', 'key', { lastUsedAt: NEVER, firstUsedAt: NEVER });

  expect(news([unused], base)).toEqual([]);
});
