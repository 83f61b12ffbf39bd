import { expect, test } from 'vitest';
import { formatInstant, isOver, parseInstant } from './instant.ts';

test.each([
  ['2026-09-11T13:14:52Z', '2026-09-11T13:14:52Z'],
  ['2019-07-03T04:17:54+00:00', '2019-07-03T04:17:54Z'],
  ['2028-02-29T23:59:59.250+08:00', '2028-02-29T15:59:59.250Z'],
])('%s is the instant %s', (text, written) => {
  expect(formatInstant(parseInstant(text)!)).toBe(written);
});

test.each([
  '2025-02-30T00:00:00Z',
  '2026-11-31T00:00:00Z',
  '2026-11-20T24:00:00Z',
  '2026-11-20T09:00:00',
  '2026-13-01T00:00:00Z',
  'N/A',
  '',
])('%j is no instant', (text) => {
  expect(parseInstant(text)).toBeUndefined();
});

test('what has a last date is over at its midnight UTC', () => {
  const midnight = Date.UTC(2027, 2, 1);

  expect(isOver({ until: '2027-03-01' }, midnight - 1)).toBe(false);
  expect(isOver({ until: '2027-03-01' }, midnight)).toBe(true);
});

test('a date that is none is over', () => {
  expect(isOver({ until: '2027-02-30' }, Date.UTC(1970, 0, 1))).toBe(true);
});
