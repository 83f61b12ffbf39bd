import { expect, test } from 'vitest';
import { closest, didYouMean } from './suggest.ts';

test.each<[string, string | undefined]>([
  ['acounts', 'accounts'],
  ['account-id', 'account_id'],
  ['ACCOUNTS', 'accounts'],
  ['asw', 'aws'],
  ['sniks', 'sinks'],
  ['frobnicate', undefined],
  ['', undefined],
  ['x', undefined],
])('%j was probably meant to be %j', (word, expected) => {
  expect(closest(word, ['accounts', 'account_id', 'aws', 'sinks'])).toBe(expected);
});

test('the nearest of several is taken', () => {
  expect(didYouMean('event', ['vent', 'events', 'even'])).toBe('; did you mean "vent"?');
  expect(didYouMean('zzz', ['events'])).toBe('');
});
