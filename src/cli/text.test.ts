import { expect, test } from 'vitest';
import { hanging, jsonText, lineOf, oldness, table } from './text.ts';

const NASTY = 'a\u009b31m\u007f\u202eb\u2066\u001b';

test('printed JSON holds no character that a terminal obeys, and is the same JSON', () => {
  const text = jsonText({ name: NASTY }, 2);

  // oxlint-disable-next-line no-control-regex -- control characters are what it is for
  expect(text).not.toMatch(/[\u001b\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
  expect(text).toContain('\\u009b31m\\u007f\\u202eb\\u2066\\u001b');
  expect(JSON.parse(text)).toEqual({ name: NASTY });
});

test('a newline in a name forges no line', () => {
  expect(lineOf('alice\nrule: none\r\u202e')).toBe('alice rule: none\uFFFD\uFFFD');
  expect(table(['NAME'], [['alice\nbob']])).toBe('NAME\nalice bob\n');
});

test('long text hangs below its beginning within 100 columns, and no word of it is cut or lost', () => {
  const words = [...Array.from({ length: 60 }, (_, index) => `word-${index}`), 'x'.repeat(120), 'end'];

  const lines = hanging('WRONG  ', words.join(' ')).trimEnd().split('\n');

  expect(lines[0]).toMatch(/^WRONG {2}word-0 /);
  expect(lines.slice(1).every((line) => line.startsWith('       '))).toBe(true);
  expect(lines.filter((line) => line.length > 100)).toEqual([`       ${'x'.repeat(120)}`]);
  expect(lines.map((line) => line.slice(7)).join(' ')).toBe(words.join(' '));
});

test('what is from the future is not called old', () => {
  expect([3, -3, -3 * 60 * 60].map((seconds) => oldness(seconds * 1_000))).toEqual(['3s', '3s', '3h in the future']);
});
