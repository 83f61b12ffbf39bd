import { expect, test } from 'vitest';
import { changesBetween } from '../../test/kit/changes-between.ts';
import { accessKey, consoleUser, HOUR, known, loaded, T0, user } from '../../test/kit/records.ts';
import type { Event } from '../domain/event.ts';
import type { CredentialRecord } from '../domain/record.ts';
import { derive } from './derive.ts';

const said = (events: readonly Event[]) => events.map(({ type, identity }) => `${type} ${identity?.name}`);
const person = (name: string, uniqueId?: string) =>
  user(name, { identity: uniqueId === undefined ? {} : { uniqueId }, accessKeys: [accessKey()] });

test('a unique id under another name is one user with a new name', () => {
  const [event, ...more] = changesBetween([person('alice', 'AIDA1')], [person('alicia', 'AIDA1')]);

  expect(more).toEqual([]);
  expect(event).toMatchObject({
    type: 'user.renamed',
    severity: 'low',
    message: 'user renamed: alicia in prod',
    before: { identity_id: 'arn:aws:iam::123456789012:user/alice', identity_name: 'alice' },
    after: { identity_id: 'arn:aws:iam::123456789012:user/alicia', identity_name: 'alicia' },
  });
});

test('what else happened to it is told as of one user', () => {
  expect(
    said(
      changesBetween(
        [person('a', '1')],
        [consoleUser('b', { identity: { uniqueId: '1' }, accessKeys: [accessKey()] })],
      ),
    ),
  ).toEqual(['user.renamed b', 'console.enabled b']);
});

test.each<[string, readonly CredentialRecord[], readonly CredentialRecord[], readonly string[]]>([
  [
    'without the id',
    [person('a')],
    [person('b')],
    ['user.created b', 'access_key.created b', 'user.deleted a', 'access_key.deleted a'],
  ],
  [
    'the id known before only',
    [person('a', '1')],
    [person('b')],
    ['user.created b', 'access_key.created b', 'user.deleted a', 'access_key.deleted a'],
  ],
  [
    'another creation',
    [person('a', '1')],
    [user('b', { identity: { uniqueId: '1', createdAt: known(T0 + HOUR) } })],
    ['user.created b', 'user.deleted a', 'access_key.deleted a'],
  ],
  [
    'the old name given to somebody new',
    [person('a', '1')],
    [user('a', { identity: { uniqueId: '2', createdAt: known(T0) } }), person('b', '1')],
    ['user.created a', 'user.renamed b'],
  ],
  [
    'names that were swapped',
    [person('a', '1'), person('b', '2')],
    [person('a', '2'), person('b', '1')],
    ['user.renamed a', 'user.renamed b'],
  ],
  [
    'onto the name of one that went',
    [person('a', '1'), person('b', '2')],
    [person('b', '1')],
    ['user.renamed b', 'user.deleted b', 'access_key.deleted b'],
  ],
  ['nobody', [person('a', '1')], [person('a', '1')], []],
])('%s', (_, before, after, expected) => {
  expect(said(changesBetween(before, after))).toEqual(expected);
});

test('a name beside an id that stays is a new name', () => {
  const tencent = (name: string) => user(name, { identity: { id: '100000000001' } });

  expect(said(changesBetween([tencent('alice')], [tencent('alicia')]))).toEqual(['user.renamed alicia']);
});

test('another alias of the whole account renames nobody', () => {
  const alibaba = (name: string) => user(name, { identity: { id: 'alice' } });

  expect(changesBetween([alibaba('alice@old.onaliyun.com')], [alibaba('alice@new.onaliyun.com')])).toEqual([]);
});

test('inventory of a renamed user is sent as changed', () => {
  const previous = loaded([person('a', '1')]);
  const derived = derive(previous, loaded([person('b', '1')], { previous }));

  expect(derived.find(({ kind }) => kind === 'inventory')?.changed).toBe(true);
});
