import { expect, test } from 'vitest';
import { accessKey, DAY, known, T0, UNKNOWN } from '../../test/kit/records.ts';
import type { AccessKeyRecord } from '../domain/record.ts';
import { matchKeys } from './match-keys.ts';

const at = (days: number) => known(T0 - days * DAY);

function slots(before: readonly AccessKeyRecord[], after: readonly AccessKeyRecord[]) {
  const { kept, gone, born } = matchKeys(before, after);
  return {
    kept: kept.map(([was, is]) => [was.slot, is.slot]),
    gone: gone.map(({ slot }) => slot),
    born: born.map(({ slot }) => slot),
  };
}

test('a key that was pushed from slot 1 to 2 is the same key', () => {
  const old = accessKey({ createdAt: at(10) });

  expect(slots([old], [accessKey({ createdAt: at(0) }), { ...old, slot: 2 }])).toEqual({
    kept: [[1, 2]],
    gone: [],
    born: [1],
  });
});

test('ids decide where both reports know them, even against status', () => {
  const before = [accessKey({ id: 'A', active: known(true) }), accessKey({ slot: 2, id: 'B', active: known(false) })];
  const after = [accessKey({ id: 'B', active: known(true) }), accessKey({ slot: 2, id: 'A', active: known(false) })];

  expect(slots(before, after).kept).toEqual([
    [1, 2],
    [2, 1],
  ]);
});

test('two ids that differ are two keys, made in the same second or not', () => {
  expect(slots([accessKey({ id: 'A' })], [accessKey({ id: 'B' })])).toEqual({ kept: [], gone: [1], born: [1] });
});

test('twins of one second are matched by status first', () => {
  const before = [accessKey({ active: known(true) }), accessKey({ slot: 2, active: known(false) })];
  const after = [accessKey({ active: known(false) }), accessKey({ slot: 2, active: known(true) })];

  expect(slots(before, after).kept).toEqual([
    [1, 2],
    [2, 1],
  ]);
});

test('of two twins the one that still looks the same is the one that stayed', () => {
  const before = [accessKey({ active: known(true) }), accessKey({ slot: 2, active: known(false) })];

  expect(slots(before, [accessKey({ active: known(false) })])).toEqual({ kept: [[2, 1]], gone: [1], born: [] });
});

test('of three twins one goes, and the other two stay', () => {
  const twins = [1, 2, 3].map((slot) => accessKey({ slot }));

  expect(slots(twins, twins.slice(1))).toMatchObject({ gone: [3], born: [] });
});

test('a creation time that is not told makes no key go and no key come', () => {
  expect(slots([accessKey()], [accessKey({ createdAt: UNKNOWN })])).toEqual({ kept: [[1, 1]], gone: [], born: [] });
});

test('of two keys whose creation times are not told, which is which is not known; status pairs them as far as it can', () => {
  const before = [
    accessKey({ createdAt: at(9), active: known(false) }),
    accessKey({ slot: 2, createdAt: at(5), active: known(true) }),
  ];
  const after = [accessKey({ createdAt: UNKNOWN }), accessKey({ slot: 2, createdAt: UNKNOWN, active: known(false) })];

  const { kept, likely } = matchKeys(before, after);

  expect(kept).toEqual([]);
  expect(likely.map(([was, is]) => [was.slot, is.slot])).toEqual([
    [1, 2],
    [2, 1],
  ]);
});

test('the oldest come first on both sides', () => {
  const before = [accessKey({ createdAt: at(5) }), accessKey({ slot: 2, createdAt: at(9) })];
  const after = [accessKey({ createdAt: at(0) }), accessKey({ slot: 2, createdAt: at(1) })];

  expect(slots(before, after)).toEqual({ kept: [], gone: [2, 1], born: [2, 1] });
});

test('of twins one of whose status is not known, the slot does not decide who is new', () => {
  const before = [accessKey({ slot: 1, active: known(true) })];
  const inactive = accessKey({ slot: 1, active: known(false) });
  const untold = accessKey({ slot: 2, active: { reason: 'unknown', why: 'not understood' } });

  const straight = matchKeys(before, [inactive, untold]);
  const swapped = matchKeys(before, [
    { ...untold, slot: 1 },
    { ...inactive, slot: 2 },
  ]);

  expect(swapped.born.map(({ active }) => active)).toEqual(straight.born.map(({ active }) => active));
});
