import { expect, test } from 'vitest';
import type { Trouble } from '../domain/health.ts';
import { foldCommonCauses } from './common-cause.ts';

const denied: Trouble = { state: 'failing', fault: 'denied', message: 'no', since: '2026-09-11T12:00:00Z' };
const late: Trouble = { state: 'late', message: 'old', since: '2026-09-11T10:00:00Z' };
const own = Array.from({ length: 10 }, (_, index) => `aws/${index}/credential-report`);

test('a few members that fail stand by themselves', () => {
  const folded = fold(own.slice(0, 4).map((source) => [source, denied]));

  expect(Object.keys(folded.sources)).toHaveLength(4);
  expect(folded.organizations).toEqual({});
});

test('half of the members with one cause are one trouble of the organisation; the others stand by themselves', () => {
  const folded = fold([...own.slice(0, 6).map((source) => [source, denied] as const), [own[7]!, late]]);

  expect(folded.sources).toEqual({ [own[7]!]: late });
  expect(folded.organizations).toEqual({
    'aws/main': { ...denied, message: `6 of 10 members alike, such as ${own[0]}: no` },
  });
});

test('members that become late while their hub fails are that outage', () => {
  const hub: Trouble = { ...denied, message: 'the hub' };

  const folded = fold(
    [
      [own[0]!, late],
      [own[1]!, denied],
    ],
    hub,
  );

  expect(folded).toEqual({ organizations: { 'aws/main': hub }, sources: { [own[1]!]: denied } });
});

test('two members are never the whole organisation', () => {
  const members = new Map([['aws/main', own.slice(0, 2)]]);
  const sources = new Map(own.slice(0, 2).map((source) => [source, denied]));

  expect(foldCommonCauses({ members, sources, organizations: new Map() }).organizations).toEqual({});
});

function fold(troubles: readonly (readonly [string, Trouble])[], hub?: Trouble) {
  return foldCommonCauses({
    members: new Map([['aws/main', own]]),
    organizations: new Map(hub === undefined ? [] : [['aws/main', hub]]),
    sources: new Map(troubles),
  });
}

test('what an organisation is held for is not hidden by what its members suffer from', () => {
  const late: Trouble = { state: 'late', message: 'old', since: '2026-11-20T00:00:00Z' };
  const held: Trouble = { state: 'held', message: 'the list collapsed', since: '2026-11-19T00:00:00Z' };
  const own = ['aws/1/x', 'aws/2/x', 'aws/3/x'];

  const { organizations, sources } = foldCommonCauses({
    members: new Map([['aws/main', own]]),
    organizations: new Map([['aws/main', held]]),
    sources: new Map(own.map((name) => [name, late])),
  });

  expect(sources).toEqual({});
  expect(organizations['aws/main']).toMatchObject({ state: 'held', since: held.since });
  expect(organizations['aws/main']?.message).toMatch(/^the list collapsed; and 3 of 3 members alike/);
});
