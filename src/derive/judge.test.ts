import { expect, test } from 'vitest';
import {
  accessKey,
  consoleUser,
  DAY,
  FIRST_CHECKS,
  known,
  loaded,
  parsed,
  root,
  SOURCE,
  T0,
  UNKNOWN,
  user,
} from '../../test/kit/records.ts';
import type { Findings } from '../domain/finding.ts';
import { formatInstant } from '../domain/instant.ts';
import type { CredentialRecord } from '../domain/record.ts';
import type { Rules } from '../domain/rules.ts';
import { judge } from './judge.ts';

const OLD = accessKey({ createdAt: known(T0 - 91 * DAY) });
const ONLY_AGE: Rules = {
  ...FIRST_CHECKS,
  'user.key.too_old': { enabled: true, severity: 'medium', thresholds: {} },
  'root.key.exists': { enabled: false, severity: 'critical', thresholds: {} },
};

function judged(
  records: readonly CredentialRecord[],
  previous?: Findings,
  generatedAt = T0,
  rules: Rules = FIRST_CHECKS,
) {
  return judge(SOURCE, parsed(records), generatedAt, rules, previous);
}

const withKeys = (...accessKeys: ReturnType<typeof accessKey>[]) => user('alice', { accessKeys });

test('a finding says what it is about and since when', () => {
  const { open } = judged([withKeys({ ...OLD, id: 'AKIA1' })]);

  expect(open).toEqual([
    {
      id: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
      check: 'user.key.too_old',
      severity: 'medium',
      status: 'fail',
      since: formatInstant(T0),
      identity: { kind: 'user', id: 'arn:aws:iam::123456789012:user/alice', name: 'alice' },
      credential: { kind: 'access_key', created_at: formatInstant(T0 - 91 * DAY), id: 'AKIA1' },
    },
  ]);
});

test('since and id are carried over, whatever slot and key id do', () => {
  const first = judged([withKeys({ ...OLD, id: 'AKIA1' })]);

  const second = judged([withKeys({ ...OLD, slot: 2 })], first, T0 + DAY);

  expect(second.open[0]).toMatchObject({ id: first.open[0]?.id, since: formatInstant(T0) });
});

test('an inactive key of root is a warning, one step less severe', () => {
  const { open } = judged([root({ accessKeys: [accessKey(), accessKey({ slot: 2, active: known(false) })] })]);

  expect(open.map(({ status, severity }) => [status, severity])).toEqual([
    ['fail', 'critical'],
    ['warn', 'high'],
  ]);
  expect(new Set(open.map(({ id }) => id)).size).toBe(2);
});

test('what is not told opens nothing', () => {
  expect(judged([consoleUser('alice', { mfa: UNKNOWN })]).open).toEqual([]);
});

test('what is not told keeps a finding open, and it fails again under its own id', () => {
  const first = judged([consoleUser('alice')]);
  const second = judged([consoleUser('alice', { mfa: UNKNOWN })], first, T0 + DAY);
  const third = judged([consoleUser('alice')], second, T0 + 2 * DAY);

  expect(second.open).toEqual([{ ...first.open[0], status: 'unknown' }]);
  expect(third.open).toEqual(first.open);
});

test('a creation time that is not told keeps the finding as it was', () => {
  const first = judged([withKeys(OLD)]);
  const second = judged([withKeys({ ...OLD, createdAt: UNKNOWN })], first, T0 + DAY);
  const third = judged([user('alice', { accessKeys: [OLD], identity: { createdAt: UNKNOWN } })], second, T0 + 2 * DAY);

  expect(second.open).toEqual([{ ...first.open[0], status: 'unknown' }]);
  expect(third.open[0]).toMatchObject({ id: first.open[0]?.id, status: 'fail' });
});

test('a finding of half-known things is looked for with its own identity, and only once', () => {
  const unborn = { ...accessKey(), createdAt: UNKNOWN };
  const first = judged([root({ accessKeys: [accessKey()] }), consoleUser('bob')]);
  const second = judged([root({ accessKeys: [unborn, { ...unborn, slot: 2 }] })], first, T0 + DAY);
  const unknown = { mfa: UNKNOWN, identity: { createdAt: UNKNOWN } };
  const third = judged([consoleUser('alice', unknown)], first, T0 + DAY);

  expect(second.open.map(({ id }) => id === first.open[0]?.id)).toEqual([true, false]);
  expect(third.open).toEqual([]);
});

test('a rotated key of a half-known user has a finding of its own', () => {
  const identity = { createdAt: UNKNOWN };
  const first = judged([user('alice', { identity, accessKeys: [OLD] })]);
  const older = { ...OLD, createdAt: known(T0 - 99 * DAY) };
  const second = judged([user('alice', { identity, accessKeys: [older] })], first, T0 + DAY);

  expect(second.open).toHaveLength(1);
  expect(second.open[0]?.id).not.toBe(first.open[0]?.id);
});

test('of two twins that fail one is mended, and one finding stays', () => {
  const first = judged([withKeys(OLD, { ...OLD, slot: 2 })]);
  const second = judged([withKeys({ ...OLD, active: known(false) }, { ...OLD, slot: 2 })], first, T0 + DAY);

  expect(first.open).toHaveLength(2);
  expect(second.open).toEqual([first.open[0]]);
});

test('a user made again has findings of its own', () => {
  const first = judged([consoleUser('alice')]);
  const second = judged([consoleUser('alice', { identity: { createdAt: known(T0) } })], first, T0 + DAY);

  expect(second.open[0]?.id).not.toBe(first.open[0]?.id);
});

test('the same thing in two accounts is two findings', () => {
  const other = judge(SOURCE.replace('1', '2') as typeof SOURCE, parsed([consoleUser('alice')]), T0, {}, undefined);

  expect(other.open[0]?.id).not.toBe(judged([consoleUser('alice')]).open[0]?.id);
});

test('a check that is switched off is not named and opens nothing', () => {
  const findings = judged([root({ accessKeys: [accessKey()] }), withKeys(OLD)], undefined, T0, ONLY_AGE);

  expect(Object.keys(findings.checks).sort()).toEqual(['user.console.no_mfa', 'user.key.too_old']);
  expect(findings.open.map(({ check }) => check)).toEqual(['user.key.too_old']);
});

test('the digest of a rule changes with its thresholds and its severity alone', () => {
  const digest = (rules: Rules) => judged([], undefined, T0, rules).checks['user.key.too_old'];
  const rule = { enabled: true, severity: 'medium', thresholds: { max_age_days: 90 } } as const;

  expect(digest({ 'user.key.too_old': rule })).toBe(digest({}));
  expect(digest({ 'user.key.too_old': { ...rule, severity: 'low' } })).not.toBe(digest({}));
  expect(digest({ 'user.key.too_old': { ...rule, thresholds: { max_age_days: 60 } } })).not.toBe(digest({}));
});

test('an identity that a report names twice has one finding', () => {
  expect(judged([consoleUser('alice'), consoleUser('alice')]).open).toHaveLength(1);
});

test('a key whose creation is not told does not take the finding of its neighbour', () => {
  const [old, odd] = [accessKey({ createdAt: known(T0 - 100 * DAY) }), accessKey({ slot: 2, createdAt: UNKNOWN })];
  const first = loaded([root({ accessKeys: [old] })]);
  const second = loaded([root({ accessKeys: [odd, old] })], { previous: first });

  const [kept, more, ...rest] = second.findings.open;

  expect(rest).toEqual([]);
  expect(kept).toEqual(first.findings.open[0]);
  expect(more).toMatchObject({ check: 'root.key.exists', since: '2026-09-11T16:00:00Z' });
});

test('what was known of a credential stays known while it is open', () => {
  const told = accessKey({ createdAt: known(T0 - 100 * DAY), id: 'AKIA1' });
  const first = loaded([root({ accessKeys: [told] })]);
  const second = loaded([root({ accessKeys: [accessKey({ createdAt: UNKNOWN })] })], { previous: first });

  expect(second.findings.open).toEqual(first.findings.open);
});

test('an identity that a report names twice has each finding once', () => {
  const records = [consoleUser('alice'), consoleUser('bob'), consoleUser('alice')];

  const first = judged(records);
  const second = judged(records, first, T0 + DAY);

  expect(first.open.map(({ identity }) => identity.name)).toEqual(['alice', 'bob']);
  expect(second.open.map(({ id }) => id)).toEqual(first.open.map(({ id }) => id));
});
