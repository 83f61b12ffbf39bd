import { expect, test } from 'vitest';
import { matches, meetings } from './glob.ts';
import { readPolicy } from './policy.ts';

const allow = { Effect: 'Allow', Action: 'ecs:*', Resource: '*' };

test.each([
  ['one statement without a list', { Statement: allow }],
  [
    'lists and single values',
    { Version: '1', Statement: [{ ...allow, Action: ['ecs:*'], Resource: ['*', 'acs:ecs:*:*:x'] }] },
  ],
  ['everything, by ARN', { Statement: [{ ...allow, Resource: 'acs:*:*:*:*' }] }],
  ['an empty condition', { Statement: [{ ...allow, Condition: {} }] }],
])('%s is read as a whole grant', (_, policy) => {
  expect(readPolicy(JSON.stringify(policy))).toEqual({
    statements: [{ effect: 'Allow', actions: ['ecs:*'], isNot: false, isOfSome: false, isConditional: false }],
  });
});

test.each([
  ['no Statement', {}, 'Statement', 'it has no Statement'],
  ['a version that is not known', { Version: '2', Statement: [allow] }, 'Statement', 'of the version "2"'],
  ['a word that is not known', { Statement: [{ ...allow, NotCondition: {} }] }, 'Statement', 'no valid NotCondition'],
  ['a principal', { Statement: [{ ...allow, Principal: '*' }] }, 'Statement', 'no valid Principal'],
  ['an unknown effect', { Statement: [{ ...allow, Effect: 'Maybe' }] }, 'Statement', 'no valid Effect'],
  ['both elements', { Statement: [allow, { ...allow, NotAction: 'rds:*' }] }, 'Statement', 'statement 2 needs either'],
  [
    'an action that is none',
    { Statement: [{ ...allow, Action: 'ecs' }] },
    'Statement',
    'an Action that is none: "ecs"',
  ],
  ['an endless action', { Statement: [{ ...allow, Action: `ecs:${'a'.repeat(2_000)}` }] }, 'Statement', 'that is none'],
  [
    'a NotAction that is none',
    { Statement: [{ Effect: 'Deny', NotAction: [''] }] },
    'NotAction',
    'a NotAction that is none',
  ],
])('%s is an error of the policy, in words', (_, policy, error, what) => {
  expect(readPolicy(JSON.stringify(policy))).toEqual({
    error: `InvalidParameter.Policy.${error}`,
    what: expect.stringContaining(what),
  });
});

test.each([
  ['Effect', '{"Version":"1","Statement":[{"Effect":"Deny","Effect":"Allow","Action":"*","Resource":"*"}]}'],
  ['Statement', '{"Statement":[],"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'],
  ['a name that is written in two ways', '{"Statement":{"Effect":"Allow","Action":"*","\\u0041ction":"ecs:*"}}'],
])('of what says %s twice nobody knows which holds', (_, document) => {
  expect(readPolicy(document)).toEqual({
    error: 'InvalidParameter.Policy.Statement',
    what: 'it says something twice',
  });
});

test('a text in a policy that looks like a name is none', () => {
  const resource = 'a\\": \\"b';
  const document = `{"Statement":{"Effect":"Allow","Action":"*","Resource":["${resource}", "Effect:", "*"]}}`;

  expect(readPolicy(document)).toMatchObject({ statements: [{ effect: 'Allow' }] });
});

test('a pattern that was made to be slow is not', () => {
  const pattern = `ecs:${'*a'.repeat(40)}*b`;
  const text = `ecs:${'a'.repeat(190)}`;
  const began = performance.now();

  expect(matches(pattern, text)).toBe(false);
  expect(meetings(pattern, text)).toEqual([]);
  expect(meetings(pattern, `ecs:${'*b'.repeat(40)}`).length).toBeGreaterThan(0);
  expect(performance.now() - began).toBeLessThan(2_000);
});
