import { expect, test } from 'vitest';
import { address, anIdentity, keyAudit, keyUse } from '../../../test/kit/audits.ts';
import { DAY, HOUR, known, NEVER, T0, UNKNOWN } from '../../../test/kit/records.ts';
import type { KeyUse } from '../../domain/access.ts';
import type { LoadedReport } from '../../domain/loaded.ts';
import { derive } from '../derive.ts';

type Rows = readonly KeyUse[];

/** What each report but the first tells as changed. */
function told(...reports: readonly Rows[]): readonly string[][] {
  let previous: LoadedReport | undefined;
  return reports
    .map((rows) => {
      const current = keyAudit(rows, { previous });
      const changes = derive(previous, current).filter(({ event }) => event.kind === 'change');
      previous = current;
      return changes.map(({ event: { type, credential, after } }) => `${type} ${credential?.id} ${textOf(after)}`);
    })
    .slice(1);
}

function textOf(after: Readonly<Record<string, unknown>> = {}): string {
  return Object.values(after).flat().join(' ');
}

const key = (id = 'AKIA1', changes: Partial<KeyUse> = {}) => keyUse(id, 'key', changes);
const unused = key('AKIA1', { lastUsedAt: NEVER, reportedLastUsedAt: NEVER });
const home = address('AKIA1', '203.0.113.7');
const base = [key(), keyUse('AKIA1', 'service', { region: known('eu-central-1') }), home];

test.each<[string, Rows, Rows, string[]]>([
  ['the same', base, base, []],
  [
    'an address in a known network',
    base,
    [...base, address('AKIA1', '203.0.113.8')],
    ['access_key.new_address AKIA1 203.0.113.8'],
  ],
  [
    'addresses in a new network, told once',
    base,
    [...base, address('AKIA1', '198.51.100.1'), address('AKIA1', '198.51.100.2')],
    ['access_key.new_network AKIA1 198.51.100.0/24 198.51.100.1 198.51.100.2'],
  ],
  [
    'a caller that is no address',
    base,
    [...base, address('AKIA1', 'AWS Internal')],
    ['access_key.new_address AKIA1 AWS Internal'],
  ],
  [
    'a service in another region',
    base,
    [...base, keyUse('AKIA1', 'service', { service: 'ec2', region: known('us-east-1') })],
    ['access_key.new_service AKIA1 ec2', 'access_key.new_region AKIA1 us-east-1'],
  ],
  [
    'a service that is listed and was never used',
    base,
    [...base, keyUse('AKIA1', 'service', { service: 'ec2', lastUsedAt: NEVER })],
    [],
  ],
  ['addresses that are told for the first time', [key()], base, []],
  ['a key that was never used', [unused], [key(), home], ['access_key.new_network AKIA1 203.0.113.0/24 203.0.113.7']],
  ['a key that came into sight', base, [...base, key('AKIA2'), address('AKIA2', '198.51.100.1')], []],
])('%s', (_, before, after, expected) => {
  expect(told(before, after)).toEqual([expected]);
});

const made = { key: { id: 'AKIA2', createdAt: known(T0 + HOUR), active: known(true) } };

test("a key that was made since is compared with its owner's other keys: a rotation is no news", () => {
  const rotated = [key('AKIA2', made), address('AKIA2', '203.0.113.7', made)];
  const stolen = [key('AKIA2', made), address('AKIA2', '198.51.100.1', made)];
  const others = { owner: anIdentity('bob') };

  expect(told(base, rotated)).toEqual([[]]);
  expect(told(base, stolen)).toEqual([['access_key.new_network AKIA2 198.51.100.0/24 198.51.100.1']]);
  expect(
    told(
      base,
      rotated.map((row) => ({ ...row, ...others })),
    ),
  ).toEqual([['access_key.new_network AKIA2 203.0.113.0/24 203.0.113.7']]);
});

const away = address('AKIA1', '198.51.100.1');

test('what comes and goes is new once', () => {
  expect(told([key(), home], [key(), away], [key(), home], [key(), away])).toEqual([
    ['access_key.new_network AKIA1 198.51.100.0/24 198.51.100.1'],
    [],
    [],
  ]);
});

const unreadAddresses = address('AKIA1', '', { lastUsedAt: UNKNOWN });

test('where a page could not be read nothing is new, and nothing is lost', () => {
  expect(told([key(), unreadAddresses, home], [key(), home, away])).toEqual([[]]);
  expect(told([key(), home], [key(), unreadAddresses], [key(), home, away])).toEqual([
    [],
    ['access_key.new_network AKIA1 198.51.100.0/24 198.51.100.1'],
  ]);
  expect(told([unused], [key('AKIA1', { lastUsedAt: UNKNOWN })], [key(), home])).toEqual([
    [],
    ['access_key.new_network AKIA1 203.0.113.0/24 203.0.113.7'],
  ]);
});

const noAddresses = [key(), keyUse('AKIA1', 'service', { region: known('eu-central-1') }), unreadAddresses];
const elsewhere = keyUse('AKIA1', 'service', { region: known('us-east-1') });
const noServices = keyUse('AKIA1', 'service', { service: '', lastUsedAt: UNKNOWN });

test('a region is new where services are told and their addresses are not, and never where services are not told', () => {
  expect(told(noAddresses, [...noAddresses, elsewhere])).toEqual([['access_key.new_region AKIA1 us-east-1']]);
  expect(told([...noAddresses, noServices], [...noAddresses, elsewhere])).toEqual([[]]);
});

test('a change tells when, where from and whose', () => {
  const previous = keyAudit(base);
  const since = { firstUsedAt: known(T0 + 2 * HOUR), lastUsedAt: known(T0 + 3 * HOUR) };
  const [event] = derive(previous, keyAudit([...base, { ...away, ...since }], { previous })).map(({ event }) => event);

  expect(event).toMatchObject({
    kind: 'change',
    type: 'access_key.new_network',
    severity: 'medium',
    occurred_at: '2026-09-11T14:00:00Z',
    message: 'access key used from a new network: 198.51.100.0/24, AKIA1 of alice in prod',
    identity: { kind: 'user', name: 'alice' },
    credential: { kind: 'access_key', id: 'AKIA1' },
    after: { networks: ['198.51.100.0/24'], addresses: ['198.51.100.1'] },
    data: { window: { after: '2026-09-11T12:00:00Z', until: '2026-09-12T12:00:00Z' } },
  });
});

test('of very many addresses the newest are remembered, and where some were forgotten none is called new', () => {
  const many = Array.from({ length: 2_001 }, (_, at) =>
    address('AKIA1', `10.0.${at % 250}.${Math.floor(at / 250)}`, { lastUsedAt: known(T0 - DAY + at) }),
  );

  expect(told([key(), ...many], [key(), ...many, address('AKIA1', '10.0.0.250')])).toEqual([[]]);
});

test('a new region is told with a use in it, not with the first use of a key that was elsewhere', () => {
  const longAgo = { firstUsedAt: known(T0 - 90 * DAY) };
  const before = [key('AKIA1', { ...longAgo, region: known('eu-central-1') })];
  const previous = keyAudit(before);
  const after = [key('AKIA1', { ...longAgo, lastUsedAt: known(T0 + HOUR), region: known('us-east-1') })];

  const change = derive(previous, keyAudit(after, { previous })).find(({ event }) => event.kind === 'change');

  expect(change?.event).toMatchObject({
    type: 'access_key.new_region',
    occurred_at: new Date(T0 + HOUR).toISOString().replace('.000Z', 'Z'),
  });
});
