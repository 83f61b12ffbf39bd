import { expect, test } from 'vitest';
import { causeOf } from './alike.ts';

test.each([
  ['account 123456789012 (prod): products are denied', 'prod', 'account # (#): products are denied'],
  ['account 123456789012 (a+b (eu)): denied', 'a+b (eu)', 'account # (#): denied'],
  ['account 123456789012 (x-1): no answer of sts.x-1', 'x-1', 'account # (#): no answer of sts.#'],
])('what several have in common is said without any of them: %s', (text, name, cause) => {
  expect(causeOf(text, { id: '123456789012', name })).toBe(cause);
});
