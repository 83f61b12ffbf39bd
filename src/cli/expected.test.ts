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
  [
    'a number that a spreadsheet spoilt',
    'account_id\n012345678901\n3.54824E+11\n',
    'cmdb.csv:3: "3.54824E+11" is not an account id of aws (twelve digits)',
  ],
  ['a lost leading zero', 'account_id\n12345678901\n', 'cmdb.csv:2: "12345678901" is not an account id of aws'],
  [
    'a provider that is not known',
    'provider,account_id\ngcp,1\n',
    'cmdb.csv:2: there is no provider "gcp"; there are aws, alibaba, tencent',
  ],
  ['a broken quote', 'account_id\n"1\n', 'cmdb.csv:2: a quote is never closed'],
])('a list with %s is refused', (_, text, message) => {
  expect(() => parseExpected(text, 'cmdb.csv')).toThrow(message);
});

test('a provider is the same in capitals', () => {
  expect(parseExpected('account_id,provider\n210987654321,AWS\n1234567890123456,Alibaba\n', 'cmdb.csv')).toEqual([
    { provider: 'aws', accountId: '210987654321' },
    { provider: 'alibaba', accountId: '1234567890123456' },
  ]);
});
