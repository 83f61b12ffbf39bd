import { expect, test } from 'vitest';
import { withManagement, withWantedTags } from './members.ts';
import type { Member } from './organization.ts';

test('only wanted tags are kept, and an account without any has none', () => {
  const members = [member('2', { bu: 'retail', other: 'x' }), member('1')];

  expect(withWantedTags(members, ['bu']).map(({ tags }) => tags)).toEqual([{ bu: 'retail' }, {}]);
});

test.each<[string, readonly Member[], readonly string[]]>([
  ['nobody wants them', [member('1', { bu: 'x' })], []],
  ['none were told', [member('1'), member('2')], ['bu']],
])('tags are left out where %s', (_, members, wanted) => {
  for (const one of withWantedTags(members, wanted)) expect(one).not.toHaveProperty('tags');
});

test('the management account is marked where it is listed, and added where it is not', () => {
  const members = [member('3'), member('1')];

  expect(withManagement(members, { id: '3', name: 'hub' })).toEqual([
    member('1'),
    { ...member('3'), isManagement: true },
  ]);
  expect(withManagement(members, { id: '2', name: 'hub' })).toEqual([
    member('1'),
    { id: '2', name: 'hub', state: 'active', isManagement: true },
    member('3'),
  ]);
  expect(withManagement(members, undefined)).toEqual([member('1'), member('3')]);
});

function member(id: string, tags?: Readonly<Record<string, string>>): Member {
  return { id, name: `team-${id}`, state: 'active', isManagement: false, ...(tags === undefined ? {} : { tags }) };
}
