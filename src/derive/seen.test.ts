import { expect, test } from 'vitest';
import { accessKey, HOUR, known, loaded, NEVER, root, T0, UNKNOWN, UNSUPPORTED, user } from '../../test/kit/records.ts';
import type { LoadedReport } from '../domain/loaded.ts';
import type { CredentialRecord, Field } from '../domain/record.ts';
import { derive } from './derive.ts';
import { SEEN_PART, seenIn } from './seen.ts';

interface Place {
  readonly region?: Field<string>;
  readonly service?: Field<string>;
}

const inPlace = ({ region = NEVER, service = NEVER }: Place, createdAt: Field<number> = known(T0 - HOUR)) =>
  accessKey({ createdAt, lastUsedAt: known(T0), lastUsedRegion: region, lastUsedService: service });
const keyIn = (...places: readonly Place[]) => user('alice', { accessKeys: places.map((place) => inPlace(place)) });
const region = (name: string): Place => ({ region: known(name) });

/** What each report tells of places. */
function told(...reports: readonly (readonly CredentialRecord[])[]): readonly (readonly string[])[] {
  let previous: LoadedReport | undefined;
  return reports.map((records) => {
    const current = loaded(records, { previous });
    const events = derive(previous, current).map(({ event }) => event);
    previous = current;
    return events
      .filter(({ type }) => type.startsWith('access_key.new_'))
      .map(
        ({ type, after }) =>
          `${type} ${String(after?.[type.endsWith('region') ? 'last_used_region' : 'last_used_service'])}`,
      );
  });
}

const [EU, US] = [[keyIn(region('eu-central-1'))], [keyIn(region('us-east-1'))]];

test('two regions that take turns are one event each, not one for each report', () => {
  expect(told(EU, US, EU, US, EU)).toEqual([[], ['access_key.new_region us-east-1'], [], [], []]);
});

test('the first place of all is told by the first use alone', () => {
  const unused = [user('alice', { accessKeys: [accessKey({ createdAt: known(T0 - HOUR) })] })];
  const anywhere = [keyIn({ region: UNSUPPORTED, service: known('s3') })];

  expect(told(unused, EU)).toEqual([[], []]);
  expect(told(anywhere, [keyIn({ region: known('eu-central-1'), service: known('s3') })])).toEqual([[], []]);
});

test('a new service is told apart from a new region', () => {
  const s3 = [keyIn({ region: known('r'), service: known('s3') })];
  const iam = [keyIn({ region: known('r'), service: known('iam') })];

  expect(told(s3, iam, s3)).toEqual([[], ['access_key.new_service iam'], []]);
});

test('what is not told is no place, and forgets none', () => {
  const untold = [keyIn({ region: UNKNOWN, service: UNKNOWN })];
  const created = [user('alice', { accessKeys: [inPlace({}, UNKNOWN)] })];

  expect(told(EU, untold, EU, US, created, US)).toEqual([[], [], [], ['access_key.new_region us-east-1'], [], []]);
});

test('keys are told apart by owner and creation, whatever their slots and ids', () => {
  const [one, two] = [inPlace(region('a'), known(T0 - 2 * HOUR)), inPlace(region('b'), known(T0 - HOUR))];
  const before = [user('alice', { accessKeys: [one, { ...two, slot: 2 }] })];
  const swapped = [
    user('alice', {
      accessKeys: [
        { ...two, id: 'AKIA2' },
        { ...one, slot: 2, id: 'AKIA1' },
      ],
    }),
  ];

  expect(told(before, swapped)).toEqual([[], []]);
});

test('a key that was made anew begins anew', () => {
  const next = [user('alice', { accessKeys: [inPlace(region('us-east-1'), known(T0 + HOUR))] })];

  expect(told(EU, next)).toEqual([[], []]);
});

test('a root key weighs more', () => {
  const rooted = (name: string) => [root({ accessKeys: [inPlace(region(name))] })];
  const previous = loaded(rooted('a'));
  const event = derive(previous, loaded(rooted('b'), { previous })).find(
    ({ event }) => event.type === 'access_key.new_region',
  )?.event;

  expect(event).toMatchObject({
    severity: 'critical',
    before: { last_used_region: 'a' },
    after: { last_used_region: 'b' },
    occurred_at: '2026-09-11T12:00:00Z',
  });
});

test('the part is bounded, and is left out where there is nothing to remember', () => {
  let report = loaded(EU);
  for (let index = 0; index < 100; index++) report = loaded([keyIn(region(`r-${index}`))], { previous: report });

  const [key] = seenIn(report.parts)?.keys ?? [];
  expect(key?.regions).toHaveLength(64);
  expect(key?.regions.at(-1)).toBe('r-99');
  expect(loaded([user('bob')]).parts.has(SEEN_PART)).toBe(false);
  expect(seenIn(loaded([user('bob')], { previous: report }).parts)).toBeUndefined();
});

test('a report of an older Muster, without the part, tells nothing and breaks nothing', () => {
  const previous = { ...loaded(EU), parts: new Map() };

  expect(derive(previous, loaded(US, { previous })).filter(({ kind }) => kind === 'change')).toEqual([]);
});

const travelling = (name: string, uniqueId: string | undefined, place: Place, id = 'AKIA1') =>
  user(name, {
    identity: uniqueId === undefined ? {} : { uniqueId },
    accessKeys: [{ ...inPlace(place), ...(id === '' ? {} : { id }) }],
  });

test('a renamed user takes along where its keys were seen', () => {
  const [eu, us] = [region('eu-central-1'), region('us-east-1')];

  expect(
    told(
      [travelling('alice', 'AIDA1', eu)],
      [travelling('alice', 'AIDA1', us)],
      [travelling('alicia', 'AIDA1', eu)],
      [travelling('alicia', 'AIDA1', us)],
      [travelling('alicia', 'AIDA1', region('ap-south-1'))],
    ),
  ).toEqual([[], ['access_key.new_region us-east-1'], [], [], ['access_key.new_region ap-south-1']]);
});

test('a use in a new region with the rename itself is told', () => {
  const before = [travelling('alice', 'AIDA1', region('eu-central-1'))];

  expect(told(before, [travelling('alicia', 'AIDA1', region('us-east-1'))])).toEqual([
    [],
    ['access_key.new_region us-east-1'],
  ]);
});

test('the same key id is the same key, whoever is said to own it; without one another owner begins anew', () => {
  const next = (id: string) => [travelling('bob', undefined, region('us-east-1'), id)];
  const placesAfter = (id: string) => {
    const previous = loaded([travelling('alice', undefined, region('eu-central-1'), id)]);
    return seenIn(loaded(next(id), { previous }).parts)?.keys[0]?.regions;
  };

  expect(placesAfter('AKIA1')).toEqual(['eu-central-1', 'us-east-1']);
  expect(placesAfter('')).toEqual(['us-east-1']);
});

test('a key whose id is not told for a while is still known by its owner and creation, and by its id after that', () => {
  const [eu, us] = [region('eu-central-1'), region('us-east-1')];
  const without = (name: string, place: Place) => travelling(name, 'AIDA1', place, '');

  expect(
    told(
      [travelling('alice', 'AIDA1', eu)],
      [without('alice', us)],
      [travelling('alicia', 'AIDA1', eu)],
      [travelling('alicia', 'AIDA1', us)],
    ),
  ).toEqual([[], ['access_key.new_region us-east-1'], [], []]);
});
