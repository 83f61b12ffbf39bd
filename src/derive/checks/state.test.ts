import { expect, test } from 'vitest';
import { collaborator, messageReceiver, statuses, tencentUser } from '../../../test/kit/judged.ts';
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
import { keyLeakSuspected } from './key-leak-suspected.ts';
import { keyServiceSpecific } from './key-service-specific.ts';
import { loginAbnormal } from './login-abnormal.ts';
import { loginProtectionOff } from './login-protection-off.ts';
import { rootCertActive } from './root-cert-active.ts';
import { rootMfaMissing } from './root-mfa-missing.ts';
import { userAnyNoMfa } from './user-any-no-mfa.ts';
import { userCertActive } from './user-cert-active.ts';
import { userKeyExtra } from './user-key-extra.ts';
import { userKeyInactiveLeft } from './user-key-inactive-left.ts';
import { userKeyTwoActive } from './user-key-two-active.ts';
import { userPasswordAndKey } from './user-password-and-key.ts';
import { userPasswordExpired } from './user-password-expired.ts';

const SECOND = 1_000;
const ago = (ms: number) => known(T0 - ms);
const off = { active: known(false) };
const untold = { active: UNKNOWN };
const young = { createdAt: known(T0 + SECOND) };
const keyed = (...accessKeys: ReturnType<typeof accessKey>[]) => user('alice', { accessKeys });
const cert = (active: boolean) => ({ slot: 1, active: known(active), createdAt: ago(DAY) });
const untoldCert = { slot: 2, active: UNKNOWN, createdAt: ago(DAY) };

type Row = [string, CredentialRecord, string[]];

test.each<Row>([
  ['no MFA', root({ mfa: known(false) }), ['fail']],
  ['MFA', root(), []],
  ['no password', root({ mfa: known(false), console: { enabled: known(false) } }), []],
  ['no such thing as a password', root({ mfa: known(false), console: { enabled: ABSENT } }), []],
  [
    'an older report, which says not_supported',
    root({ mfa: known(false), console: { enabled: UNSUPPORTED } }),
    ['fail'],
  ],
  ['password not told', root({ mfa: known(false), console: { enabled: UNKNOWN } }), ['unknown']],
  ['MFA not told', root({ mfa: UNKNOWN }), ['unknown']],
  ['a user', consoleUser('a'), []],
])('root.mfa.missing: %s', (_, record, expected) => {
  expect(statuses(rootMfaMissing, record)).toEqual(expected);
});

test.each<Row>([
  ['none', user('a'), []],
  ['active', user('a', { certificates: [cert(true)] }), ['fail']],
  ['inactive', user('a', { certificates: [cert(false)] }), []],
  ['one active, one not told', user('a', { certificates: [cert(true), untoldCert] }), ['fail', 'unknown']],
])('user.cert.active and root.cert.active: %s', (_, record, expected) => {
  const { certificates } = record;

  expect(statuses(userCertActive, record)).toEqual(expected);
  expect(statuses(rootCertActive, record)).toEqual([]);
  expect(statuses(rootCertActive, root({ certificates }))).toEqual(expected);
  expect(statuses(userCertActive, root({ certificates }))).toEqual([]);
});

test.each<Row>([
  ['no MFA and no password', user('a'), ['fail']],
  ['MFA', user('a', { mfa: known(true) }), []],
  ['MFA cannot apply', user('a', { mfa: UNSUPPORTED }), []],
  ['MFA not told', user('a', { mfa: UNKNOWN }), ['unknown']],
  ['a message receiver', messageReceiver(), []],
  ['root', root({ mfa: known(false) }), []],
])('user.any.no_mfa: %s', (_, record, expected) => {
  expect(statuses(userAnyNoMfa, record)).toEqual(expected);
});

test.each<Row>([
  ['two active', keyed(accessKey(), accessKey()), ['fail']],
  ['one active, one inactive', keyed(accessKey(), accessKey(off)), []],
  ['one active, one not told', keyed(accessKey(), accessKey(untold)), ['unknown']],
  ['one inactive, one not told', keyed(accessKey(off), accessKey(untold)), []],
  ['two active among four', keyed(accessKey(off), accessKey(), accessKey(untold), accessKey()), ['fail']],
  ['younger than the report', user('a', { identity: young, accessKeys: [accessKey(), accessKey()] }), ['unknown']],
  ['root', root({ accessKeys: [accessKey(), accessKey()] }), []],
])('user.key.two_active: %s', (_, record, expected) => {
  expect(statuses(userKeyTwoActive, record)).toEqual(expected);
});

const left = (ms: number, more = {}) => keyed(accessKey({ ...off, createdAt: ago(ms), ...more }));

test.each<Row>([
  ['30 days', left(30 * DAY), []],
  ['31 days less a second', left(31 * DAY - SECOND), []],
  ['31 days', left(31 * DAY), ['fail']],
  ['active', keyed(accessKey({ createdAt: ago(99 * DAY) })), []],
  ['status not told', left(99 * DAY, untold), ['unknown']],
  ['creation not told', left(0, { createdAt: UNKNOWN }), ['unknown']],
  ['root', root({ accessKeys: [accessKey({ ...off, createdAt: ago(99 * DAY) })] }), []],
])('user.key.inactive_left: %s', (_, record, expected) => {
  expect(statuses(userKeyInactiveLeft, record)).toEqual(expected);
});

test.each<[string, CredentialRecord, string[], readonly string[]]>([
  ['two keys', keyed(accessKey(), accessKey(off)), [], []],
  ['three keys, as Alibaba Cloud shows them', keyed(accessKey(), accessKey(off), accessKey(off)), ['fail'], []],
  ['AWS names none', user('a', { cells: ['a', 'N/A'] }), [], ['user', 'additional_credentials_info']],
  ['AWS names some', user('a', { cells: ['a', '1 access key'] }), ['fail'], ['user', 'additional_credentials_info']],
  ['an empty cell', user('a', { cells: ['a', ''] }), [], ['user', 'additional_credentials_info']],
  ['a third key alone, the first two deleted', user('a', { accessKeys: [accessKey({ slot: 3 })] }), ['fail'], []],
])('user.key.extra: %s', (_, record, expected, columns) => {
  expect(statuses(userKeyExtra, record, { columns })).toEqual(expected);
});

test.each<Row>([
  ['both', consoleUser('a', { accessKeys: [accessKey()] }), ['fail']],
  ['an inactive key', consoleUser('a', { accessKeys: [accessKey(off)] }), []],
  ['a key of unknown status', consoleUser('a', { accessKeys: [accessKey(untold)] }), ['unknown']],
  ['no password', keyed(accessKey()), []],
  ['root', root({ accessKeys: [accessKey()] }), []],
])('user.password_and_key: %s', (_, record, expected) => {
  expect(statuses(userPasswordAndKey, record)).toEqual(expected);
});

const password = (ms: number, more = {}) => consoleUser('a', { console: { passwordChangedAt: ago(ms), ...more } });

test.each<Row>([
  ['90 days', password(90 * DAY), []],
  ['91 days less a second', password(91 * DAY - SECOND), []],
  ['91 days', password(91 * DAY), ['fail']],
  ['to be changed a second ago', password(DAY, { nextRotationAt: ago(SECOND) }), ['fail']],
  ['to be changed now', password(DAY, { nextRotationAt: ago(0) }), []],
  ['age not told', password(0, { passwordChangedAt: UNKNOWN }), ['unknown']],
  ['age not told, overdue', password(0, { passwordChangedAt: UNKNOWN, nextRotationAt: ago(DAY) }), ['fail']],
  ['no password', user('a', { console: { passwordChangedAt: ago(99 * DAY) } }), []],
  ['root', root({ console: { passwordChangedAt: ago(999 * DAY) } }), []],
])('user.password.expired: %s', (_, record, expected) => {
  expect(statuses(userPasswordExpired, record)).toEqual(expected);
});

test.each<Row>([
  ['flagged', tencentUser({ accessKeys: [accessKey({ atRisk: known(true) })] }), ['fail']],
  ['flagged and inactive', tencentUser({ accessKeys: [accessKey({ ...off, atRisk: known(true) })] }), ['fail']],
  ['not flagged', tencentUser({ accessKeys: [accessKey({ atRisk: known(false) })] }), []],
  ['not told', tencentUser({ accessKeys: [accessKey({ atRisk: UNKNOWN })] }), ['unknown']],
  ['a cloud without the word', keyed(accessKey()), []],
])('key.leak_suspected: %s', (_, record, expected) => {
  expect(statuses(keyLeakSuspected, record)).toEqual(expected);
});

test.each<Row>([
  ['seen', tencentUser({ abnormalLogins: known(true) }), ['fail']],
  ['none', tencentUser(), []],
  ['not told', tencentUser({ abnormalLogins: UNKNOWN }), ['unknown']],
  ['a cloud without the word', consoleUser('a'), []],
])('login.abnormal: %s', (_, record, expected) => {
  expect(statuses(loginAbnormal, record)).toEqual(expected);
});

test.each<Row>([
  ['both on', tencentUser(), []],
  ['login protection off', tencentUser({ loginProtection: known(false) }), ['fail']],
  ['operation protection off', tencentUser({ operationProtection: known(false) }), ['fail']],
  ['one not told', tencentUser({ operationProtection: UNKNOWN }), ['unknown']],
  ['nobody can sign in', tencentUser({ loginProtection: known(false), console: { enabled: known(false) } }), []],
  ['a collaborator, whose console is not told', collaborator({ loginProtection: known(false) }), []],
  ['a cloud without the word', consoleUser('a'), []],
])('login.protection_off: %s', (_, record, expected) => {
  expect(statuses(loginProtectionOff, record)).toEqual(expected);
});

const service = (active: boolean) => {
  return { id: 'A', service: 'bedrock', active: known(active), createdAt: ago(DAY), expiresAt: ABSENT };
};

test.each<Row>([
  ['active', user('a', { serviceCredentials: [service(true)] }), ['fail']],
  ['inactive', user('a', { serviceCredentials: [service(false)] }), []],
  ['nobody asked', user('a'), []],
])('key.service_specific: %s', (_, record, expected) => {
  expect(statuses(keyServiceSpecific, record)).toEqual(expected);
});
