import { expect, test } from 'vitest';
import { address, keyAudit, keyUse } from '../../../../test/kit/audits.ts';
import { ABSENT, DAY, HOUR, known, NEVER, T0, UNKNOWN } from '../../../../test/kit/records.ts';
import type { KeyUse } from '../../../domain/access.ts';
import type { LoadedReport } from '../../../domain/loaded.ts';
import type { Field } from '../../../domain/record.ts';
import type { Rules } from '../../../domain/rules.ts';
import { atOnce } from '../../../kit/steps.ts';
import { derive } from '../../derive.ts';
import { dataKeyUseContradicts } from './data-key-use-contradicts.ts';
import { keyManyPlaces } from './key-many-places.ts';

const BOTH: Rules = {
  'key.many_places': keyManyPlaces.defaults,
  'data.key_use.contradicts': dataKeyUseContradicts.defaults,
};

const audit = (rows: readonly KeyUse[], previous?: LoadedReport) => keyAudit(rows, { rules: BOTH, previous });
const open = ({ findings }: LoadedReport) => findings.open.map(({ check, status }) => `${check} ${status}`);
const key = (changes: Partial<KeyUse> = {}) => keyUse('AKIA1', 'key', changes);
const places = (count: number, changes: Partial<KeyUse> = {}) =>
  Array.from({ length: count }, (_, at) => address('AKIA1', `203.0.${at}.1`, changes));
const unread = address('AKIA1', '', { lastUsedAt: UNKNOWN });

test.each<[string, readonly KeyUse[], string[]]>([
  ['five networks', [key(), ...places(5)], []],
  ['six networks', [key(), ...places(6)], ['key.many_places fail']],
  [
    'many addresses of one network',
    [key(), ...Array.from({ length: 9 }, (_, at) => address('AKIA1', `203.0.1.${at}`))],
    [],
  ],
  ['six networks, not all of them lately', [key(), ...places(6, { lastUsedAt: known(T0 - 31 * DAY) })], []],
  ['callers that are no addresses', [key(), ...'abcdefg'.split('').map((name) => address('AKIA1', name))], []],
])('key.many_places: %s', (_, rows, expected) => {
  expect(open(audit(rows))).toEqual(expected);
});

test('where addresses are not told a finding stays open', () => {
  const first = audit([key(), ...places(6)]);
  const lately = { lastUsedAt: known(T0 + HOUR), reportedLastUsedAt: known(T0 + HOUR) };

  expect(open(audit([key(lately)], first))).toEqual(['key.many_places unknown']);
  expect(open(audit([key(lately), ...places(2), unread], first))).toEqual(['key.many_places unknown']);
  expect(open(audit([key(lately), ...places(2)], first))).toEqual([]);
  expect(open(audit([], first))).toEqual([]);
});

const ago = (ms: number) => known(T0 - ms);

/** The reported use was one of IAM, which the trail always shows. */
const reportedIam = (at: Field<number>) => keyUse('AKIA1', 'service', { service: 'iam', lastUsedAt: at });

test.each<[string, Field<number>, Field<number>, string[], string[]]>([
  ['both agree', ago(DAY), ago(DAY), [], []],
  ['a day apart', ago(2 * DAY), ago(3 * DAY), [], []],
  ['seen, and reported as never used', ago(2 * DAY), NEVER, ['fail'], ['fail']],
  ['seen an hour ago, and reported as never used', ago(HOUR), NEVER, [], []],
  ['seen long after the reported use', ago(2 * DAY), ago(9 * DAY), ['warn'], ['warn']],
  ['seen an hour ago, long after the reported use', ago(HOUR), ago(9 * DAY), [], []],
  ['seen, and nothing is reported', ago(2 * DAY), UNKNOWN, [], []],
  ['reported, and not seen', NEVER, ago(2 * DAY), ['fail'], []],
  ['reported, and seen long before', ago(9 * DAY), ago(2 * DAY), ['fail'], []],
  ['reported an hour ago, and not seen', NEVER, ago(HOUR), [], []],
  ['reported before the trail begins', NEVER, ago(90 * DAY), [], []],
  ['reported, and not told what was seen', UNKNOWN, ago(2 * DAY), [], []],
  ['never used', NEVER, NEVER, [], []],
  ['nothing reported', NEVER, ABSENT, [], []],
])('data.key_use.contradicts: %s', (_, lastUsedAt, reportedLastUsedAt, whole, limited) => {
  const statuses = (why: readonly string[]) =>
    audit([key({ lastUsedAt, reportedLastUsedAt, why }), reportedIam(reportedLastUsedAt)]).findings.open.map(
      ({ status }) => status,
    );

  expect(statuses([])).toEqual(whole);
  expect(statuses(['us-east-1 did not answer'])).toEqual(limited);
});

test('a use of a service that may have had events of another kind is no contradiction', () => {
  const rows = [
    key({ lastUsedAt: NEVER, reportedLastUsedAt: ago(2 * DAY) }),
    keyUse('AKIA1', 'service', { service: 's3', lastUsedAt: ago(2 * DAY) }),
  ];

  expect(audit(rows).findings.open).toEqual([]);
});

test('where the trail shows all events its last use is enough, and where it does not a list of services is needed', () => {
  const rows = [
    key({ lastUsedAt: ago(9 * DAY), reportedLastUsedAt: ago(2 * DAY) }),
    reportedIam(ago(2 * DAY)),
    keyUse('AKIA1', 'service', { service: '', lastUsedAt: UNKNOWN }),
  ];
  const ofProvider = (provider: string) => {
    const scene = { provider, parsed: { ...audit(rows).parsed }, generatedAt: T0, seen: undefined };
    const rule = dataKeyUseContradicts.defaults;
    return atOnce(dataKeyUseContradicts.judge({ ...scene, rule })).map(({ status }) => status);
  };

  expect([ofProvider('alibaba'), ofProvider('aws')]).toEqual([['fail'], ['unknown']]);
});

test('a finding names the key and says what it rests on', () => {
  const rows = [
    key({ lastUsedAt: ago(2 * DAY), reportedLastUsedAt: NEVER }),
    ...places(6, { lastUsedAt: ago(2 * DAY) }),
  ];
  const events = derive(undefined, audit(rows)).map(({ event }) => event);
  const dataOf = (id: string) => events.find(({ check }) => check?.id === id);

  expect(dataOf('data.key_use.contradicts')).toMatchObject({
    credential: { kind: 'access_key', id: 'AKIA1' },
    data: { seen_last_used_at: '2026-09-09T12:00:00Z', reported_last_used_at_reason: 'never' },
  });
  expect(dataOf('key.many_places')?.data).toMatchObject({
    used_since: '2026-08-12T12:00:00Z',
    networks: ['203.0.0.0/24', '203.0.1.0/24', '203.0.2.0/24', '203.0.3.0/24', '203.0.4.0/24', '203.0.5.0/24'],
  });
});

test.each([
  ['told later', UNKNOWN, known(T0 - 9 * DAY)],
  ['no longer told', known(T0 - 9 * DAY), UNKNOWN],
])('the creation of its key, %s, is what it was when the finding was opened: no event says otherwise', (_, was, is) => {
  const made = (createdAt: Field<number>) => {
    const changes = { key: { id: 'AKIA1', createdAt, active: known(true) } };
    return [key(changes), ...places(6, { ...changes, lastUsedAt: known(T0 + HOUR) })];
  };
  const first = audit(made(was));
  const next = audit(made(is), first);

  expect(next.findings.open[0]?.credential).toEqual(first.findings.open[0]?.credential);
  expect(derive(first, next).filter(({ event }) => event.type === 'finding.opened')).toEqual([]);
});
