import { expect, test } from 'vitest';
import { parseExpected } from './expected.ts';

test('columns are found by name, in any order, and what is left out has its default', () => {
  const text = 'Owner,account_id,extra,name\nteam-a,"012345678901",x,Prod\n,210987654321,,\n\n';

  expect(parseExpected(text, 'cmdb.csv')).toEqual([
    { provider: 'aws', accountId: '012345678901', name: 'Prod', owner: 'team-a' },
    { provider: 'aws', accountId: '210987654321' },
  ]);
});

test.each([
  ['no column', 'id\n1\n', 'cmdb.csv: the header has no column account_id'],
  ['an empty id', 'account_id,name\n,prod\n', 'cmdb.csv:2: account_id is empty'],
  ['a broken quote', 'account_id\n"1\n', 'cmdb.csv:2: a quote is never closed'],
])('a list with %s is refused', (_, text, message) => {
  expect(() => parseExpected(text, 'cmdb.csv')).toThrow(message);
});
