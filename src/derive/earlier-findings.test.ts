import { expect, test } from 'vitest';
import type { OpenFinding } from '../domain/finding.ts';
import { EarlierFindings } from './earlier-findings.ts';

const SINCE = '2026-09-11T12:00:00Z';

function finding(id: string, createdAt?: string): OpenFinding {
  const identity = { kind: 'user', id: 'arn:alice', name: 'alice' };
  const credential = { kind: 'access_key', ...(createdAt === undefined ? {} : { created_at: createdAt }) };
  return { id, check: 'a', severity: 'low', status: 'fail', since: SINCE, identity, credential };
}

const search = { identityId: 'arn:alice', credentialKind: 'access_key', credentialCreatedAt: SINCE };
const taken = (earlier: EarlierFindings, ...ids: string[]) => ids.map((id) => earlier.take(id)?.id);

test.each([
  [
    ['1', '2', '3'],
    ['1', '2', '3'],
  ],
  [
    ['3', '1', '2'],
    ['3', '1', '2'],
  ],
  [
    ['new', '2', 'newer', '3'],
    [undefined, '2', undefined, '3'],
  ],
])('whatever the order in which they are asked for (%j), each is found', (asked, found) => {
  const earlier = new EarlierFindings(['1', '2', '3'].map((id) => finding(id)));

  expect(taken(earlier, ...asked)).toEqual(found);
  expect(earlier.isRepeated).toBe(false);
});

test.each([[['1', '1']], [['2', '1', '2']], [['new', '1', 'new']]])(
  'an id that is asked for twice (%j) shows',
  (asked) => {
    const earlier = new EarlierFindings([finding('1'), finding('2')]);

    expect(taken(earlier, ...asked).filter((id) => id !== undefined)).toEqual(
      [...new Set(asked)].filter((id) => id !== 'new'),
    );
    expect(earlier.isRepeated).toBe(true);
  },
);

test('a search takes what is left, and what it took is not found again', () => {
  const earlier = new EarlierFindings([finding('1'), finding('2', SINCE), finding('3', SINCE), finding('4')]);
  earlier.take('2');

  expect(earlier.take('unknown', search)?.id).toBe('3');
  expect(earlier.take('unknown', search)).toBeUndefined();
  expect(earlier.take('3')).toBeUndefined();
  expect(earlier.left().map(({ id }) => id)).toEqual(['1', '4']);
});
