import { describe, expect, test } from 'vitest';
import type { Trouble } from '../domain/health.ts';
import { formatInstant } from '../domain/instant.ts';
import { foldCommonCauses } from './common-cause.ts';

const NOW = Date.parse('2026-09-11T13:00:00Z');
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

  expect(foldCommonCauses({ members, sources, organizations: new Map(), now: NOW }).organizations).toEqual({});
});

function fold(troubles: readonly (readonly [string, Trouble])[], hub?: Trouble) {
  return foldCommonCauses({
    members: new Map([['aws/main', own]]),
    organizations: new Map(hub === undefined ? [] : [['aws/main', hub]]),
    sources: new Map(troubles),
    now: NOW,
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
    now: NOW,
  });

  expect(sources).toEqual({});
  expect(organizations['aws/main']).toMatchObject({ state: 'held', since: held.since });
  expect(organizations['aws/main']?.message).toMatch(/^the list collapsed; and 3 of 3 members alike/);
});

test('an outage is one trouble before everybody has met it, and until nearly all are back', () => {
  const out = (minute: number): Trouble => ({
    state: 'failing',
    fault: 'unreachable',
    message: 'sts',
    since: at(minute),
  });
  const members = new Map([['aws/main', own]]);
  const before = new Map(own.map((source) => [source, Date.parse(at(0))]));
  const three = new Map(own.slice(0, 3).map((source, index) => [source, out(5 + index)]));

  const begun = foldCommonCauses({ members, organizations: new Map(), sources: three, answered: before, now: NOW });
  expect(begun).toMatchObject({ sources: {}, organizations: { 'aws/main': { fault: 'unreachable', since: at(5) } } });

  const back = new Map(own.map((source, index) => [source, Date.parse(at(index < 3 ? 0 : 30))]));
  const parts = { members, organizations: new Map(), sources: three, answered: back, now: NOW };
  expect(foldCommonCauses({ ...parts, told: begun }).sources).toEqual({});
  expect(foldCommonCauses(parts).organizations).toEqual({});
});

test('one that hangs for days neither hides an outage nor is hidden by it', () => {
  const unreachable = { state: 'failing', fault: 'unreachable', message: 'sts' } as const;
  const sources = new Map<string, Trouble>(
    own.slice(0, 3).map((source) => [source, { ...unreachable, since: at(40) }]),
  );
  sources.set(own[9]!, { ...unreachable, since: at(1) });
  const answered = new Map(own.map((source) => [source, Date.parse(at(20))]));

  const folded = foldCommonCauses({
    members: new Map([['aws/main', own]]),
    organizations: new Map(),
    sources,
    answered,
    now: NOW,
  });

  expect(folded.organizations['aws/main']?.message).toContain('3 of 10 members');
  expect(Object.keys(folded.sources)).toEqual([own[9]]);
});

test('what was told of a member before an outage of all stands through it', () => {
  const out: Trouble = { state: 'failing', fault: 'unreachable', message: 'sts', since: at(40) };
  const sources = new Map(own.map((source) => [source, out]));
  const told = { sources: { [own[0]!]: denied } };

  const folded = foldCommonCauses({
    members: new Map([['aws/main', own]]),
    organizations: new Map(),
    sources,
    told,
    now: NOW,
  });

  expect(folded.sources).toEqual(told.sources);
  expect(Object.keys(folded.organizations)).toEqual(['aws/main']);
});

test('three that are denied at once are three, until half are', () => {
  const folded = fold(own.slice(0, 3).map((source) => [source, denied]));

  expect(folded.organizations).toEqual({});
});

function at(minute: number): string {
  return `2026-09-11T12:${String(minute).padStart(2, '0')}:00Z`;
}

test('members that become late while others meet an outage are that outage too', () => {
  const out: Trouble = { state: 'failing', fault: 'unreachable', message: 'sts', since: at(40) };
  const sources = new Map([...own.slice(0, 6).map((source) => [source, out] as const), [own[7]!, late] as const]);

  const folded = foldCommonCauses({
    members: new Map([['aws/main', own]]),
    organizations: new Map(),
    sources,
    now: NOW,
  });

  expect(folded.sources).toEqual({});
});

describe('when an outage is over', () => {
  const hub: Trouble = { ...denied, message: 'the hub' };

  test('members that are late until their turn comes are that outage, and no cause of their own', () => {
    const out = { sources: {}, organizations: { 'aws/main': hub } };

    const many = after(out, 8, late, 0);
    const one = after(many, 1, late, 30);

    expect(many.sources).toEqual({});
    expect(many.organizations['aws/main']).toMatchObject({ state: 'failing', fault: 'denied', over: formatted(0) });
    expect(many.organizations['aws/main']?.message).toBe(
      `over since ${formatted(0)}, and 8 of 10 members are not back yet`,
    );
    expect(one).toMatchObject({ sources: {}, organizations: { 'aws/main': { over: formatted(0) } } });
    expect(after(one, 0, late, 40)).toEqual({ sources: {}, organizations: {} });
  });

  test('the last two of many that failed alike are no causes of their own', () => {
    const unreachable: Trouble = { state: 'failing', fault: 'unreachable', message: 'sts', since: at(40) };
    const out = { sources: {}, organizations: { 'aws/main': unreachable } };

    expect(after(out, 3, unreachable, 0).organizations['aws/main']?.over).toBeUndefined();
    expect(after(out, 2, unreachable, 0)).toMatchObject({
      sources: {},
      organizations: { 'aws/main': { over: formatted(0) } },
    });
  });

  test('whoever is not back an hour later has a trouble of its own', () => {
    const out = after({ sources: {}, organizations: { 'aws/main': hub } }, 2, late, 0);

    const later = after(out, 2, late, 61);

    expect(Object.keys(later.sources)).toHaveLength(2);
    expect(later.organizations).toEqual({});
  });

  test('a trouble of another kind is not hidden by it', () => {
    const quarantined: Trouble = { state: 'quarantined', message: 'cut', since: at(1) };

    const folded = after({ sources: {}, organizations: { 'aws/main': hub } }, 1, quarantined, 0);

    expect(Object.values(folded.sources)).toEqual([quarantined]);
  });

  function after(told: ReturnType<typeof foldCommonCauses>, count: number, trouble: Trouble, minutes: number) {
    const sources = new Map(own.slice(0, count).map((source) => [source, trouble]));
    const now = NOW + minutes * 60_000;
    return foldCommonCauses({ members: new Map([['aws/main', own]]), organizations: new Map(), sources, told, now });
  }

  function formatted(minutes: number): string {
    return formatInstant(NOW + minutes * 60_000);
  }
});
