import { expect, test } from 'vitest';
import {
  accessKey,
  consoleUser,
  DAY,
  known,
  loaded,
  type ReportChanges,
  root,
  T0,
  UNKNOWN,
  user,
} from '../../test/kit/records.ts';
import type { Event } from '../domain/event.ts';
import type { LoadedReport } from '../domain/loaded.ts';
import type { CredentialRecord } from '../domain/record.ts';
import type { Exception } from '../domain/rules.ts';
import { derive } from './derive.ts';
import { exceptionsFor } from './exceptions.ts';

const WHO = { owner: 'ops', reason: 'a token in the safe' };
/** Until the day after T0. */
const exception = (scope: Partial<Exception>): Exception => ({ ...WHO, until: '2026-09-12', ...scope });
const GLASS = exception({ checks: ['user.console.no_mfa'], identities: ['glass*'] });

const findings = (previous: LoadedReport | undefined, current: LoadedReport): readonly Event[] =>
  derive(previous, current).flatMap(({ event }) => (event.kind === 'finding' ? [event] : []));
const said = (events: readonly Event[]) => events.map(({ type, cause }) => `${type} ${cause}`);
const after = (previous: LoadedReport, records: readonly CredentialRecord[], changes: ReportChanges = {}) =>
  loaded(records, { previous, ...changes });

test('a finding closes by its exception, stays silent, and opens again when it is over', () => {
  const glass = [consoleUser('glass-1')];
  const first = loaded(glass);
  const second = after(first, glass, { exceptions: [GLASS] });
  const third = after(second, glass, { exceptions: [GLASS] });
  const fourth = after(third, glass, { exceptions: [GLASS], generatedAt: T0 + DAY });

  const [closed] = findings(first, second);
  const [opened] = findings(third, fourth);

  expect(closed).toMatchObject({ type: 'finding.closed', cause: 'exception', severity: 'informational' });
  expect(closed?.data).toMatchObject({ exception: { ...WHO, until: '2026-09-12' } });
  expect(second.findings).toMatchObject({ open: [], excepted: [{ check: 'user.console.no_mfa', exception: WHO }] });
  expect(findings(second, third)).toEqual([]);
  expect(opened).toMatchObject({ type: 'finding.opened', cause: 'exception', data: { exception: WHO } });
  expect(closed?.message).toMatch(/: A user can sign in .* \(excepted by ops until 2026-09-12\)$/);
  expect(opened?.message).toMatch(/\(no longer excepted by ops\)$/);
  expect(opened?.finding_id).toBe(closed?.finding_id);
  expect(opened?.data?.['since']).toBe('2026-09-11T12:00:00Z');
});

test('one that is taken back opens the finding again', () => {
  const first = loaded([consoleUser('glass')], { exceptions: [GLASS] });

  expect(findings(undefined, first)).toEqual([]);
  expect(said(findings(first, after(first, [consoleUser('glass')])))).toEqual(['finding.opened exception']);
});

test('what is mended, or gone, while it is excepted says nothing', () => {
  const first = loaded([consoleUser('glass-1'), consoleUser('glass-2')], { exceptions: [GLASS] });
  const second = after(first, [consoleUser('glass-1', { mfa: known(true) })]);

  expect(findings(first, second)).toEqual([]);
});

test('what comes up under an exception is never told as open', () => {
  const first = loaded([user('glass')]);
  const second = after(first, [consoleUser('glass')], { exceptions: [GLASS] });

  expect(findings(first, second)).toEqual([]);
  expect(second.findings.excepted).toHaveLength(1);
});

test('what this report does not tell of stays excepted', () => {
  const first = loaded([consoleUser('glass')], { exceptions: [GLASS] });
  const second = after(first, [consoleUser('glass', { mfa: UNKNOWN })], { exceptions: [GLASS] });

  expect(second.findings).toMatchObject({ open: [], excepted: [{ status: 'unknown' }] });
  expect(said(findings(second, after(second, [consoleUser('glass')])))).toEqual(['finding.opened exception']);
});

const old = { accessKeys: [accessKey({ createdAt: known(T0 - 100 * DAY) })] };

test.each<[string, Partial<Exception>, readonly string[]]>([
  ['a check', { checks: ['user.key.too_old'] }, ['user.console.no_mfa', 'root.key.exists']],
  ['a name', { identities: ['alice'] }, ['root.key.exists']],
  ['another name', { identities: ['alic'] }, ['root.key.exists', 'user.console.no_mfa', 'user.key.too_old']],
  ['an id', { identities: ['arn:aws:iam::*:user/al*'] }, ['root.key.exists']],
  ['the root, whatever its name', { identities: ['root'] }, ['user.console.no_mfa', 'user.key.too_old']],
  [
    'a check of a name',
    { checks: ['user.key.too_old'], identities: ['bob', 'al?ce'] },
    ['root.key.exists', 'user.console.no_mfa'],
  ],
  ['the account', { accounts: ['prod'] }, []],
  ['another account', { accounts: ['dev'] }, ['root.key.exists', 'user.console.no_mfa', 'user.key.too_old']],
  ['a label', { labels: { bu: 'retail' } }, []],
  [
    'two labels, of which it has one',
    { labels: { bu: 'retail', env: 'dev' } },
    ['root.key.exists', 'user.console.no_mfa', 'user.key.too_old'],
  ],
])('an exception by %s', (_, scope, left) => {
  const { findings } = loaded([root(old), consoleUser('alice', old)], { exceptions: [exception(scope)] });

  expect(findings.open.map(({ check }) => check).sort()).toEqual([...left].sort());
});

test('the first that covers a finding is named', () => {
  const { findings } = loaded([consoleUser('glass')], {
    exceptions: [GLASS, exception({ accounts: ['prod'], owner: 'x' })],
  });

  expect(findings.excepted?.map(({ exception: { owner } }) => owner)).toEqual(['ops']);
});

const ACCOUNT = { provider: 'aws', id: '123456789012', name: 'prod', labels: { toString: 'x' } };

test.each<[Partial<Exception>, number, number]>([
  [{ accounts: ['123456789012'] }, T0, 1],
  [{ accounts: ['aws/123456789012'] }, T0, 1],
  [{ accounts: ['alibaba/123456789012'] }, T0, 0],
  [{ labels: { constructor: 'x' } }, T0, 0],
  [{ labels: { toString: 'x' } }, T0, 1],
  [{ accounts: ['prod'] }, Date.UTC(2026, 8, 12) - 1, 1],
  [{ accounts: ['prod'] }, Date.UTC(2026, 8, 12), 0],
])('a context keeps those that count: %j at %i', (scope, at, kept) => {
  expect(exceptionsFor([exception(scope)], ACCOUNT, at)).toHaveLength(kept);
});
