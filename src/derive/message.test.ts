import { expect, test } from 'vitest';
import { changeMessage, printable, quoted, who } from './message.ts';

test.each([
  ['alice', 'alice'],
  ['Jürgen.Groß@example.com', 'Jürgen.Groß@example.com'],
  ['=cmd|calc', '"=cmd|calc"'],
  ['a, b', '"a, b"'],
  ['say "hi"', '"say \\"hi\\""'],
  ['__proto__', '__proto__'],
  ['a\nb\u001b[2J', '"ab[2J"'],
  ['nimda\u202e', '"nimda"'],
  ['', '""'],
])('the name %j is said as %s', (name, expected) => {
  expect(quoted(name)).toBe(expected);
});

test('root is called root, whatever its row is called', () => {
  expect(who({ kind: 'root', name: '<root_account>' })).toBe('root');
});

test('half of a surrogate pair is not printed', () => {
  expect(printable('a\ud800b😀')).toBe('ab😀');
});

test('a sentence names who, where and which key', () => {
  const alice = { kind: 'user', name: 'alice' };

  expect(changeMessage('access_key.created', alice, 'prod', 'AKIA1')).toBe(
    'access key created for alice in prod (AKIA1)',
  );
  expect(changeMessage('user.deleted', alice, 'my prod', undefined)).toBe('user deleted: alice in "my prod"');
});
