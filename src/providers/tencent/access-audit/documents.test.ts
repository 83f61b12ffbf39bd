import { expect, test } from 'vitest';
import { isMeant, readDocument } from './documents.ts';

test.each([
  [{ effect: 'allow', action: '*', resource: '*' }, [{ service: '*', action: '*' }], true],
  [
    { effect: 'Allow', action: ['name/cos:*', 'CVM:Describe*'] },
    [
      { service: 'cos', action: '*' },
      { service: 'cvm', action: 'Describe*' },
    ],
    true,
  ],
  [{ effect: 'deny', action: '*:Describe*', resource: '*' }, [{ service: '*', action: 'Describe*' }], true, false],
  [{ Effect: 'allow', Action: 'cvm:Run', Resource: ['qcs::cvm:::*'] }, [{ service: 'cvm', action: 'Run' }], false],
  [
    { effect: 'allow', action: 'cvm:Run', resource: '*', condition: { ip_equal: { 'qcs:ip': '1' } } },
    [{ service: 'cvm', action: 'Run' }],
    false,
  ],
])('the statement %j is read', (statement, actions, isPlain, isAllow = true) => {
  expect(readDocument(JSON.stringify({ version: '2.0', statement: [statement] }))).toEqual([
    { isAllow, actions, isPlain },
  ]);
  expect(readDocument(JSON.stringify({ version: '2.0', statement }))).toHaveLength(1);
});

test.each([
  'not json',
  '[]',
  '{}',
  '{"statement":[{"effect":"allow","not_action":"cvm:*"}]}',
  '{"statement":[{"effect":"allow","action":"cvm:*","not_action":"cvm:Run"}]}',
  '{"statement":[{"effect":"perhaps","action":"cvm:*"}]}',
  '{"statement":[{"effect":"allow","action":"permid/280649"}]}',
  '{"statement":[{"effect":"allow","action":"c*:Run"}]}',
  '{"statement":[{"effect":"allow","action":"cvm:Run?nstances"}]}',
  '{"version":"3.0","statement":[{"effect":"allow","action":"cvm:*"}]}',
  '{"statement":[{"effect":"deny","action":"cvm:*","effect":"allow"}]}',
  '{"statement":[{"effect":"deny","action":"cvm:*","Effect":"allow"}]}',
])('%s is not guessed at', (text) => {
  expect(readDocument(text)).toBeUndefined();
});

test.each([
  ['Describe*', 'DescribeInstances', true],
  ['Describe*', 'describeinstances', true],
  ['Describe', 'DescribeInstances', false],
  ['*Instances', 'RunInstances', true],
  ['*a*a*a*a*a*a*a*a*a*b', 'a'.repeat(100), false],
])('%s means %s: %s', (action, asked, is) => {
  expect(isMeant({ service: 'cvm', action }, { service: 'cvm', action: asked })).toBe(is);
  expect(isMeant({ service: 'cos', action }, { service: 'cvm', action: asked })).toBe(false);
  expect(isMeant({ service: '*', action }, { service: 'cvm', action: asked })).toBe(is);
});
