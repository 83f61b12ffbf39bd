import { expect, test } from 'vitest';
import { ABSENT, DAY, known, onlyChecks, parsed, SOURCE, T0, user } from '../../test/kit/records.ts';
import type { Findings } from '../domain/finding.ts';
import type { CredentialRecord } from '../domain/record.ts';
import { judge } from './judge.ts';

const RULES = onlyChecks('key.service_specific');

function judged(records: readonly CredentialRecord[], previous: Findings | undefined, day: number): Findings {
  return judge(SOURCE, parsed(records), T0 + day * DAY, RULES, previous);
}

const credential = (id: string, age: number) => {
  return { id, service: 'bedrock', active: known(true), createdAt: known(T0 - age * DAY), expiresAt: ABSENT };
};
const asked = user('alice', { serviceCredentials: [credential('A', 2), credential('B', 1)] });
const first = judged([asked, user('bob', { serviceCredentials: [] })], undefined, 0);

test('where nobody may ask any more, what was open stays open as unknown', () => {
  const { open } = judged([user('alice'), user('bob')], first, 1);

  expect(open).toEqual(first.open.map((finding) => ({ ...finding, status: 'unknown' })));
  expect(open).toHaveLength(2);
});

test('when asking is allowed again, what is still there fails under its own id, and what is gone is closed', () => {
  const second = judged([user('alice')], first, 1);
  const { open } = judged([user('alice', { serviceCredentials: [credential('B', 1)] })], second, 2);

  expect(open).toEqual(first.open.filter(({ credential: one }) => one?.id === 'B'));
});

test('what belonged to a user who is gone is closed', () => {
  expect(judged([user('bob')], first, 1).open).toEqual([]);
});

test('so is what belonged to another user of the same name', () => {
  const again = user('alice', { identity: { createdAt: known(T0 + DAY / 2) } });

  expect(judged([again], first, 1).open).toEqual([]);
});
