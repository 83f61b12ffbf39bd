import { expect, test } from 'vitest';
import { accessKey, consoleUser, DAY, HOUR, known, loaded, root, T0, UNKNOWN, user } from '../../test/kit/records.ts';
import type { Event } from '../domain/event.ts';
import type { LoadedReport } from '../domain/loaded.ts';
import type { Rule, Rules } from '../domain/rules.ts';
import { derive } from './derive.ts';

const AGE = 'user.key.too_old';
const rule = (changes: Partial<Rule>): Rules => ({
  [AGE]: { enabled: true, severity: 'medium', thresholds: { max_age_days: 90 }, ...changes },
});
const keyed = (days: number) => user('alice', { accessKeys: [accessKey({ createdAt: known(T0 - days * DAY) })] });

function findings(previous: LoadedReport | undefined, current: LoadedReport): readonly Event[] {
  return derive(previous, current)
    .map(({ event }) => event)
    .filter(({ kind }) => kind === 'finding');
}

const said = (events: readonly Event[]) => events.map(({ type, status, cause }) => [type, status, cause]);

test('the first report tells what is open as a baseline', () => {
  expect(said(findings(undefined, loaded([consoleUser('alice')])))).toEqual([['finding.baseline', 'open', 'baseline']]);
});

test('a damaged base tells what is open as a baseline, and says so', () => {
  const previous = loaded([consoleUser('alice')]);
  const derived = derive(previous, loaded([consoleUser('alice')], { previous }), { baseDamaged: true });

  expect(derived.map(({ event }) => event.type)).toEqual(['finding.baseline', 'inventory.identity', 'summary.report']);
  expect(derived.at(-1)?.event.data).toMatchObject({ base: 'damaged' });
});

test('a finding opens, stays silently, and closes', () => {
  const first = loaded([user('alice')]);
  const second = loaded([consoleUser('alice')], { previous: first });
  const third = loaded([consoleUser('alice')], { previous: second });
  const fourth = loaded([consoleUser('alice', { mfa: known(true) })], { previous: third });

  const [opened] = findings(first, second);
  const [closed] = findings(third, fourth);

  expect(opened).toMatchObject({
    type: 'finding.opened',
    status: 'open',
    cause: 'report',
    severity: 'high',
    message: 'finding opened for alice in prod: A user can sign in to the console without MFA',
    check: { id: 'user.console.no_mfa', title: 'A user can sign in to the console without MFA' },
    data: { verdict: 'fail', since: '2026-09-11T16:00:00Z' },
  });
  expect(findings(second, third)).toEqual([]);
  expect(closed).toMatchObject({ type: 'finding.closed', status: 'closed', severity: 'informational' });
  expect(closed?.finding_id).toBe(opened?.finding_id);
});

test('what goes with its user is closed by the report', () => {
  const previous = loaded([consoleUser('alice')]);

  expect(said(findings(previous, loaded([], { previous })))).toEqual([['finding.closed', 'closed', 'report']]);
});

test.each<[string, Rules, Rules, string[][]]>([
  [
    'a stricter rule opens',
    rule({}),
    rule({ thresholds: { max_age_days: 30 } }),
    [['finding.opened', 'open', 'rules']],
  ],
  ['a laxer rule closes', rule({ thresholds: { max_age_days: 30 } }), {}, [['finding.closed', 'closed', 'rules']]],
  [
    'another severity opens again',
    rule({ thresholds: { max_age_days: 30 } }),
    rule({ severity: 'high', thresholds: { max_age_days: 30 } }),
    [['finding.opened', 'open', 'rules']],
  ],
  [
    'a check switched off closes',
    rule({ thresholds: { max_age_days: 30 } }),
    rule({ enabled: false }),
    [['finding.closed', 'closed', 'rules']],
  ],
  [
    'a check switched on is a baseline',
    rule({ enabled: false }),
    rule({ thresholds: { max_age_days: 30 } }),
    [['finding.baseline', 'open', 'baseline']],
  ],
])('%s', (_, before, after, expected) => {
  const previous = loaded([keyed(60)], { rules: before });

  expect(said(findings(previous, loaded([keyed(60)], { previous, rules: after })))).toEqual(expected);
});

test('what a rule opened or closed says so', () => {
  const lax = loaded([keyed(60)], { rules: rule({}) });
  const strict = loaded([keyed(60)], { previous: lax, rules: rule({ thresholds: { max_age_days: 30 } }) });
  const messages = [
    ...findings(lax, strict),
    ...findings(strict, loaded([keyed(60)], { previous: strict, rules: rule({ enabled: false }) })),
  ].map(({ message }) => message);

  expect(messages).toEqual([
    expect.stringMatching(/^finding opened for alice in prod.*: .* \(the rule changed\)$/),
    expect.stringMatching(/^finding closed for alice in prod.*: .* \(the rule changed\)$/),
  ]);
});

test('a new rule is not the cause for a user that changed as well', () => {
  const previous = loaded([consoleUser('alice', { accessKeys: [] })], { rules: rule({}) });
  const current = loaded([keyed(100)], { previous, rules: rule({ thresholds: { max_age_days: 30 } }) });

  expect(said(findings(previous, current))).toEqual([
    ['finding.opened', 'open', 'report'],
    ['finding.closed', 'closed', 'report'],
  ]);
});

test('a finding that weighs otherwise is opened again under its id, with both weights', () => {
  const previous = loaded([root({ accessKeys: [accessKey({ active: known(false) })] })]);
  const [event] = findings(previous, loaded([root({ accessKeys: [accessKey()] })], { previous }));

  expect(event).toMatchObject({
    type: 'finding.opened',
    finding_id: previous.findings.open[0]?.id,
    severity: 'critical',
    before: { verdict: 'warn', severity: 'high' },
    after: { verdict: 'fail', severity: 'critical' },
  });
});

test('a finding that is no longer told stays open and says so', () => {
  const previous = loaded([consoleUser('alice')]);
  const [event] = findings(previous, loaded([consoleUser('alice', { mfa: UNKNOWN })], { previous }));

  expect(event).toMatchObject({ type: 'finding.opened', status: 'open', data: { verdict: 'unknown' } });
});

test('a key ages into a finding without any change of its row', () => {
  const previous = loaded([keyed(90)]);
  const current = loaded([keyed(90)], { previous, generatedAt: T0 + DAY + HOUR });

  expect(said(findings(previous, current))).toEqual([['finding.opened', 'open', 'report']]);
});
