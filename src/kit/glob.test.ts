import { expect, test } from 'vitest';
import { isLike } from './glob.ts';

test.each([
  ['alice', 'alice', true],
  ['Alice', 'aLICE', true],
  ['alice', 'ali', false],
  ['ci-deploy', 'ci-*', true],
  ['ci-', 'ci-*', true],
  ['my-ci-1', 'ci-*', false],
  ['arn:aws:iam::1:user/ops/alice', '*/ops/*', true],
  ['user-1', 'user-?', true],
  ['user-10', 'user-?', false],
  ['a.c', 'a.c', true],
  ['abc', 'a.c', false],
  ['abab', '*ab', true],
  ['a*b', 'a*b', true],
  ['', '*', true],
  ['', '?', false],
  ['\u{1f600}x', '?x', true],
])('%j like %j: %s', (text, pattern, expected) => {
  expect(isLike(text, pattern)).toBe(expected);
});

test('a pattern of many stars is soon refused', () => {
  expect(isLike('a'.repeat(2_000), `${'*a'.repeat(200)}*b`)).toBe(false);
});
