import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { statuses } from '../../../test/kit/judged.ts';
import {
  ABSENT,
  accessKey,
  consoleUser,
  DAY,
  known,
  root,
  T0,
  UNKNOWN,
  UNSUPPORTED,
  user,
} from '../../../test/kit/records.ts';
import type { CredentialRecord } from '../../domain/record.ts';
import { checks, completeRules, everyCheck } from './registry.ts';
import { rootKeyExists } from './root-key-exists.ts';
import { userConsoleNoMfa } from './user-console-no-mfa.ts';
import { userKeyTooOld } from './user-key-too-old.ts';

const inactive = { active: known(false) };
const aged = (ms: number) => accessKey({ createdAt: known(T0 - ms) });
const keyed = (key: ReturnType<typeof accessKey>) => user('alice', { accessKeys: [key] });

test.each<[string, CredentialRecord, string[]]>([
  ['root without a key', root(), []],
  ['root with a key', root({ accessKeys: [accessKey()] }), ['fail']],
  ['root with an inactive key', root({ accessKeys: [accessKey(inactive)] }), ['warn']],
  ['root with both', root({ accessKeys: [accessKey(), accessKey(inactive)] }), ['fail', 'warn']],
  ['root with a key of unknown status', root({ accessKeys: [accessKey({ active: UNKNOWN })] }), ['unknown']],
  ['a user with a key', keyed(accessKey()), []],
])('root.key.exists: %s', (_, record, expected) => {
  expect(statuses(rootKeyExists, record)).toEqual(expected);
});

test.each<[string, CredentialRecord, string[]]>([
  ['a password and no MFA', consoleUser('alice'), ['fail']],
  ['a password and MFA', consoleUser('alice', { mfa: known(true) }), []],
  ['no password', user('alice'), []],
  ['no such thing as a password', user('alice', { console: { enabled: ABSENT } }), []],
  ['no password, MFA not told', user('alice', { mfa: UNKNOWN }), []],
  ['MFA not told', consoleUser('alice', { mfa: UNKNOWN }), ['unknown']],
  ['password not told', user('alice', { console: { enabled: UNKNOWN } }), ['unknown']],
  ['password not told, but MFA', user('alice', { console: { enabled: UNKNOWN }, mfa: known(true) }), []],
  ['MFA cannot apply, and yet somebody signs in', consoleUser('alice', { mfa: UNSUPPORTED }), ['unknown']],
  ['made after the cloud looked', consoleUser('alice', { identity: { createdAt: known(T0 + 1) } }), ['unknown']],
  ['made as the cloud looked', consoleUser('alice', { identity: { createdAt: known(T0) } }), ['fail']],
  ['root', root({ mfa: known(false) }), []],
])('user.console.no_mfa: %s', (_, record, expected) => {
  expect(statuses(userConsoleNoMfa, record)).toEqual(expected);
});

test.each<[string, CredentialRecord, string[]]>([
  ['90 days to the millisecond', keyed(aged(90 * DAY)), []],
  ['a millisecond less than 91 days', keyed(aged(91 * DAY - 1)), []],
  ['91 days', keyed(aged(91 * DAY)), ['fail']],
  ['91 days and inactive', keyed({ ...aged(91 * DAY), ...inactive }), []],
  ['91 days, status not told', keyed({ ...aged(91 * DAY), active: UNKNOWN }), ['unknown']],
  ['10 days, status not told', keyed({ ...aged(10 * DAY), active: UNKNOWN }), []],
  ['creation not told', keyed(accessKey({ createdAt: UNKNOWN })), ['unknown']],
  ['creation not told, inactive', keyed(accessKey({ createdAt: UNKNOWN, ...inactive })), []],
  ['two keys, one too old', user('alice', { accessKeys: [aged(DAY), aged(100 * DAY)] }), ['fail']],
  [
    'made after the cloud looked',
    user('a', { identity: { createdAt: known(T0 + 1) }, accessKeys: [aged(91 * DAY)] }),
    ['unknown'],
  ],
  ['root', root({ accessKeys: [aged(400 * DAY)] }), []],
])('user.key.too_old: %s', (_, record, expected) => {
  expect(statuses(userKeyTooOld, record)).toEqual(expected);
});

test('the age is a threshold of the rule', () => {
  expect(statuses(userKeyTooOld, keyed(aged(31 * DAY)), { thresholds: { max_age_days: 30 } })).toEqual(['fail']);
  expect(statuses(userKeyTooOld, keyed(aged(30 * DAY)), { thresholds: { max_age_days: 30 } })).toEqual([]);
});

test('check ids are told apart, and complete rules spell out every default', () => {
  expect(new Set(everyCheck.map(({ id }) => id)).size).toBe(everyCheck.length);
  expect(everyCheck.length).toBeGreaterThan(checks.length);
  expect(completeRules({})).toEqual(Object.fromEntries(everyCheck.map(({ id, defaults }) => [id, defaults])));
});

test('each check says what to do, and names the controls of others as texts', () => {
  for (const { title, remediation, controls } of everyCheck) {
    expect(title).toMatch(/^[A-Z].*[^.]$/);
    expect(remediation).toMatch(/^[A-Z].*\.$/);
    for (const id of Object.values(controls).flatMap((ids) => Object.values(ids).flat())) {
      expect(id).toMatch(/^(?:\d+(?:\.\d+)+|(?:IAM|CloudWatch)\.\d+|(?:iam|ram)_[a-z0-9_]+)$/);
    }
  }
  expect(userConsoleNoMfa.controls['aws']).toMatchObject({ 'CIS AWS 3.0': '1.10', 'CIS AWS 7.0': '2.10' });
});

test.each(everyCheck)('the documentation describes $id as it is', ({ id, title, remediation, defaults, controls }) => {
  const docs = readFileSync('docs/checks.md', 'utf8');
  const thresholds = Object.entries(defaults.thresholds).map(([name, value]) => `\`${name}: ${value}\``);
  const severity = `${defaults.severity}${defaults.enabled ? '' : ' (off)'}`;

  expect(docs).toContain(`| \`${id}\` | ${severity} | ${title} | ${thresholds.join(', ') || '-'} |`);
  expect(docs).toContain(`| \`${id}\` | ${remediation} |`);
  const row = docs.split('\n').findLast((line) => line.startsWith(`| \`${id}\``)) ?? '';
  for (const known of Object.values(controls).flatMap((ids) => Object.values(ids).flat())) expect(row).toContain(known);
});
