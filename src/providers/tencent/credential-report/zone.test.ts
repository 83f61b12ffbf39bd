import { expect, test } from 'vitest';
import { readZoned, writeZoned } from './zone.ts';

test.each([
  ['2019-08-16 9:25:56', Date.UTC(2019, 7, 16, 1, 25, 56)],
  ['2019/8/16 9:25:56', Date.UTC(2019, 7, 16, 1, 25, 56)],
  ['2022-12-19', Date.UTC(2022, 11, 18, 16)],
  ['2023-02-29 00:00:00', undefined],
  ['2023-02-01 24:00:00', undefined],
  ['2023-02/01 00:00:00', undefined],
  ['N/A', undefined],
])('%s is read as of UTC+8', (cell, instant) => {
  expect(readZoned(cell, '+08:00')).toBe(instant);
});

test.each(['+08:00', '+00:00', '-03:30'])('what is written in %s is read back', (zone) => {
  const instant = Date.UTC(2026, 10, 20, 9, 8, 7);

  expect(readZoned(writeZoned(instant, zone), zone)).toBe(instant);
});
