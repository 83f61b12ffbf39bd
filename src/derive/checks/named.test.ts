import { expect, test } from 'vitest';
import {
  ABSENT,
  accessKey,
  consoleUser,
  DAY,
  known,
  loaded,
  NEVER,
  root,
  T0,
  UNKNOWN,
  UNSUPPORTED,
  user,
} from '../../../test/kit/records.ts';
import type { Context } from '../../domain/context.ts';
import type { CredentialRecord } from '../../domain/record.ts';
import type { Rules } from '../../domain/rules.ts';
import { canaryUsed } from './canary-used.ts';
import { orgRootCredsPresent } from './org-root-creds-present.ts';
import { ruleOf } from './registry.ts';
import { rootMfaNotHardware } from './root-mfa-not-hardware.ts';

const used = { lastUsedAt: known(T0 - 999 * DAY) };
const canary = (...keys: readonly object[]) =>
  user('canary-1', { accessKeys: keys.map((changes) => accessKey(changes)) });

function verdicts(record: CredentialRecord, lists: Readonly<Record<string, readonly string[]>>): readonly string[] {
  const rule = ruleOf({ [canaryUsed.id]: { ...canaryUsed.defaults, lists } }, canaryUsed);
  return canaryUsed
    .judge(record, T0, rule, { provider: 'aws', columns: [] })
    .map(({ status, credential }) => (credential === undefined ? status : `${status} ${credential.id ?? '-'}`));
}

const NAMED = { identities: ['canary-*'] };
const KEYS = { keys: ['AKIACANARY'] };

test.each<[string, CredentialRecord, Readonly<Record<string, readonly string[]>>, readonly string[]]>([
  ['nobody named', canary(used), {}, []],
  ['somebody else named', canary(used), { identities: ['other'] }, []],
  ['a user, never used', canary({}), NAMED, []],
  ['a user whose key was used once, long ago', canary(used), NAMED, ['fail -']],
  ['a user with an inactive key that was used', canary({ ...used, active: known(false) }), NAMED, ['fail -']],
  ['a user who signed in', consoleUser('canary-1', { console: used }), NAMED, ['fail']],
  ['a sign-in that is not told', consoleUser('canary-1', { console: { lastUsedAt: UNKNOWN } }), NAMED, ['unknown']],
  ['a use that is not told', canary({ lastUsedAt: UNKNOWN }), NAMED, ['unknown -']],
  ['a key, used', canary({ ...used, id: 'AKIACANARY' }, { ...used, id: 'AKIAOTHER' }), KEYS, ['fail AKIACANARY']],
  ['a key, never used', canary({ id: 'AKIACANARY' }), KEYS, []],
  ['a key whose id is not told', canary(used), KEYS, ['unknown -']],
  ['a key of which more is named', canary({ ...used, id: 'AKIACANARY' }), { ...NAMED, ...KEYS }, ['fail AKIACANARY']],
  ['the root', root({ accessKeys: [accessKey(used)] }), { identities: ['root'] }, ['fail -']],
])('canary.used: %s', (_, record, lists, expected) => {
  expect(verdicts(record, lists)).toEqual(expected);
});

test('a canary that was used stays so when the id of its key is no longer told', () => {
  const rules: Rules = { 'canary.used': { ...canaryUsed.defaults, enabled: true, lists: KEYS } };
  const first = loaded([canary({ ...used, id: 'AKIACANARY' })], { rules });
  const second = loaded([canary(used)], { rules, previous: first });
  const third = loaded([canary({ ...used, id: 'AKIACANARY' })], { rules, previous: second });

  const ids = [first, second, third].map(({ findings }) => findings.open.map(({ id, status }) => [id, status]));

  expect(ids[1]).toEqual([[ids[0]?.[0]?.[0], 'unknown']]);
  expect(ids[2]).toEqual(ids[0]);
});

test('another list is another rule', () => {
  const of = (keys: readonly string[]) =>
    loaded([], { rules: { 'canary.used': { ...canaryUsed.defaults, enabled: true, lists: { keys } } } }).findings
      .checks;

  expect(of(['a'])['canary.used']).not.toBe(of(['b'])['canary.used']);
  expect(of(['a'])['root.key.exists']).toBe(of(['b'])['root.key.exists']);
});

const bare = { console: { enabled: known(false), lastUsedAt: NEVER, passwordChangedAt: ABSENT } };
const certificate = { slot: 1, active: known(false), createdAt: known(T0) };

test.each<[string, CredentialRecord, string, readonly string[]]>([
  ['nothing', root(bare), 'aws', []],
  ['a password', root(), 'aws', ['fail']],
  ['a password that an old report cannot tell', root({ console: { enabled: UNSUPPORTED } }), 'aws', ['fail']],
  ['a password that is not understood', root({ console: { enabled: UNKNOWN } }), 'aws', ['unknown']],
  ['an inactive key', root({ ...bare, accessKeys: [accessKey({ active: known(false) })] }), 'aws', ['fail']],
  ['a certificate', root({ ...bare, certificates: [certificate] }), 'aws', ['fail']],
  ['another cloud', root(), 'alibaba', []],
  ['a user', consoleUser('a'), 'aws', []],
])('org.root_creds.present: %s', (_, record, provider, expected) => {
  const verdicts = orgRootCredsPresent.judge(record, T0, orgRootCredsPresent.defaults, { provider, columns: [] });

  expect(verdicts.map(({ status }) => status)).toEqual(expected);
});

test.each<[string, Context['account']['management'], readonly string[]]>([
  ['nobody asked', {}, []],
  ['managed', { root_access: 'managed' }, []],
  ['not managed', { root_access: 'not_managed' }, ['fail']],
  ['refused to tell', { root_access: 'unknown' }, ['unknown']],
])('org.root_creds.present of the management account, whose root keeps its password: %s', (_, management, expected) => {
  const scene = { provider: 'aws', columns: [], ...(management === undefined ? {} : { management }) };
  const verdicts = orgRootCredsPresent.judge(root(), T0, orgRootCredsPresent.defaults, scene);

  expect(verdicts.map(({ status }) => status)).toEqual(expected);
});

test.each<[string, CredentialRecord, readonly string[]]>([
  ['nobody asked', root(), []],
  ['a virtual device', root({ hardwareMfa: known(false) }), ['fail']],
  ['a hardware device', root({ hardwareMfa: known(true) }), []],
  ['no MFA at all: another check', root({ mfa: known(false), hardwareMfa: known(false) }), []],
  ['MFA not told', root({ mfa: UNKNOWN, hardwareMfa: known(false) }), ['unknown']],
  ['a user', consoleUser('a', { mfa: known(true), hardwareMfa: known(false) }), []],
])('root.mfa.not_hardware: %s', (_, record, expected) => {
  const verdicts = rootMfaNotHardware.judge(record, T0, rootMfaNotHardware.defaults, { provider: 'aws', columns: [] });

  expect(verdicts.map(({ status }) => status)).toEqual(expected);
});

test('a virtual device of the root stays open while nobody may ask', () => {
  const rules: Rules = { 'root.mfa.not_hardware': rootMfaNotHardware.defaults };
  const first = loaded([root({ hardwareMfa: known(false) })], { rules });
  const second = loaded([root()], { rules, previous: first });
  const third = loaded([root({ hardwareMfa: known(true) })], { rules, previous: second });

  expect(second.findings.open).toEqual([{ ...first.findings.open[0], status: 'unknown' }]);
  expect(third.findings.open).toEqual([]);
});
