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
  [{ Effect: 'allow', Action: 'cvm:Run', Resource: ['qcs::cvm:::*'] }, [{ service: 'cvm', action: 'Run' }], false],
  [
    { effect: 'allow', action: 'cvm:Run', resource: '*', condition: { ip_equal: { 'qcs:ip': '1' } } },
    [{ service: 'cvm', action: 'Run' }],
    false,
  ],
])('the statement %j is read', (statement, actions, isPlain) => {
  expect(readDocument(JSON.stringify({ version: '2.0', statement: [statement] }))).toEqual([
    { isAllow: true, actions, isPlain },
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
])('%s is not guessed at', (text) => {
  expect(readDocument(text)).toBeUndefined();
});

test.each([
  ['Describe*', 'DescribeInstances', true],
  ['Describe*', 'describeinstances', true],
  ['Describe', 'DescribeInstances', false],
  ['*Instances', 'RunInstances', true],
  ['Run?nstances', 'RunInstances', true],
])('%s means %s: %s', (action, asked, is) => {
  expect(isMeant({ service: 'cvm', action }, { service: 'cvm', action: asked })).toBe(is);
  expect(isMeant({ service: 'cos', action }, { service: 'cvm', action: asked })).toBe(false);
  expect(isMeant({ service: '*', action }, { service: 'cvm', action: asked })).toBe(is);
});
