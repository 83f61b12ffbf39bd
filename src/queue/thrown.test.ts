import { expect, test } from 'vitest';
import { Fault } from '../domain/fault.ts';
import { scrub, thrown } from './thrown.ts';

const PLAN = { name: 'plan', tick: 'now' } as const;

test('a fault keeps its kind and its words, on one line', () => {
  const fault = new Fault('denied', 'account prod:\n\u001b[31mallow "iam:GetCredentialReport"');

  expect(thrown(PLAN, fault)).toEqual({
    kind: 'fault',
    job: 'plan',
    subject: 'plan',
    fault: 'denied',
    message: 'account prod: [31mallow "iam:GetCredentialReport"',
  });
});

test('a bug is named with the place where it was thrown', () => {
  const deliver = { name: 'deliver', sink: 'siem', source: 'aws/1/credential-report', upTo: 1, attempt: 0 } as const;

  expect(thrown(deliver, new TypeError('x is not a function'))).toMatchObject({
    subject: 'aws/1/credential-report to siem',
    fault: 'bug',
    message: expect.stringMatching(/^TypeError: x is not a function \(thrown\.test\.ts:\d+\)$/) as string,
  });
});

test('what is not an error is not repeated', () => {
  expect(thrown(PLAN, 'CANARY')).toMatchObject({ message: 'something that is not an error was thrown' });
});

test.each([
  'https://user:CANARY@host/x',
  'redis://:CANARY@host',
  'password=CANARY',
  'Authorization: CANARY',
  'token: CANARY',
  'X-Amz-Signature=CANARY&x=1',
  'key AKIACANARYCANARY12 of root',
  'key LTAIcanaryCANARY',
  `Unexpected token in JSON "CANARY"`,
  `cut short "CANARY`,
  `blob ${'CANARY'.repeat(8)}`,
  `ERR unknown command 'x', with args beginning with: 'CANARY'`,
])('%s is masked', (text) => {
  expect(scrub(text)).not.toMatch(/canary/i);
});

test('a long message is cut', () => {
  expect(scrub('word '.repeat(1_000)).length).toBeLessThanOrEqual(300);
});
