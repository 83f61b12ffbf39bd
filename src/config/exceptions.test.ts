import { expect, test } from 'vitest';
import { mistakes } from '../../test/kit/config-mistakes.ts';
import { toyRegistries } from '../../test/kit/toy-registries.ts';
import { ALL_DUTIES } from '../domain/duties.ts';
import { parseConfig } from './load.ts';

const ACCOUNT =
  'archive: a\naccounts: [{ provider: aws, account_id: "123456789012", name: prod, labels: { env: dev } }]\n';
const WHO = 'owner: ops, reason: a token in the safe, until: 2027-03-01';
const CLOCK = { now: () => Date.UTC(2026, 8, 11) };

const parse = (yaml: string) => parseConfig(`${ACCOUNT}${yaml}\n`, 'm.yaml', toyRegistries(), {}, ALL_DUTIES, CLOCK);
const wrong = async (yaml: string) => mistakes(`${ACCOUNT}${yaml}\n`);

test('an exception is read with what it says, and nothing else', async () => {
  const { exceptions, warnings } = await parse(`exceptions:
  - { checks: [user.key.too_old], identities: ["svc-*"], ${WHO} }
  - { accounts: [prod, aws/123456789012], labels: { env: dev }, ${WHO} }`);

  const who = { owner: 'ops', reason: 'a token in the safe', until: '2027-03-01' };
  expect(exceptions).toEqual([
    { ...who, checks: ['user.key.too_old'], identities: ['svc-*'] },
    { ...who, accounts: ['prod', 'aws/123456789012'], labels: { env: 'dev' } },
  ]);
  expect(Object.keys(exceptions[0] ?? {})).not.toContain('labels');
  expect(warnings).toEqual([]);
});

test.each([
  [
    `exceptions: [{ checks: [user.key.to_old], ${WHO} }]`,
    '3:25: exceptions[0].checks[0]: "user.key.to_old" is not known: must be one of user.key.too_old, root.key.exists; did you mean "user.key.too_old"?',
  ],
  [
    `exceptions: [{ identities: ["^svc-.*$"], ${WHO} }]`,
    '3:29: exceptions[0].identities[0]: is no regular expression: * stands for any characters, ? for one',
  ],
  [
    `exceptions: [{ identities: [""], ${WHO} }]`,
    '3:29: exceptions[0].identities[0]: must be a name, without spaces around it',
  ],
  [
    `exceptions: [{ ${WHO} }]`,
    '3:14: exceptions[0]: covers everything: say which checks, accounts, labels or identities',
  ],
  [
    `exceptions: [{ identities: [svc-a, "?*"], ${WHO} }]`,
    '3:14: exceptions[0]: covers everything: say which checks, accounts, labels or identities',
  ],
  [
    'exceptions: [{ accounts: [prod], owner: ops, reason: x, until: 2027-02-31 }]',
    '3:64: exceptions[0].until: must be a date such as 2027-03-01',
  ],
  ['exceptions: [{ accounts: [prod], reason: x, until: 2027-03-01 }]', '3:14: exceptions[0]: "owner" is missing'],
  [
    'exceptions: [{ accounts: [prod], owner: "", reason: x, until: 2027-03-01 }]',
    '3:41: exceptions[0].owner: must not be empty',
  ],
  [
    `exceptions: [{ check: user.key.too_old, accounts: [prod], ${WHO} }]`,
    '3:16: exceptions[0]: unknown key "check"; did you mean "checks"?',
  ],
  [
    'changes: { severity: { user.create: high } }',
    '3:37: changes.severity.user.create: there is no change "user.create"; did you mean "user.created"?',
  ],
  ['changes: { silence_days: 0 }', '3:26: changes.silence_days: must be at least 1'],
])('%s is a mistake', async (yaml, expected) => {
  expect(await wrong(yaml)).toEqual([expected]);
});

test('a change that is misspelt is told along with whatever else is wrong', async () => {
  const found = await wrong('changes: { severity: { user.create: high, access_key.created: hihg }, silence_days: 0 }');

  expect(found.map((line) => line.split(':')[2]?.trim())).toEqual([
    'changes.severity.user.create',
    'changes.severity.access_key.created',
    'changes.silence_days',
  ]);
});

test('one that is over is a warning at its date', async () => {
  const yaml = (until: string) =>
    `exceptions:\n  - accounts: [prod]\n    owner: ops\n    reason: x\n    until: ${until}`;

  expect((await parse(yaml('2026-09-12'))).warnings).toEqual([]);
  expect((await parse(yaml('2026-09-11'))).warnings).toEqual([
    'm.yaml:7:12: warning: exceptions[0].until: 2026-09-11 has passed: the exception counts no more',
  ]);
});

test('everybody may be meant where something else restricts', async () => {
  const { exceptions } = await parse(`exceptions: [{ accounts: [prod], identities: ["*"], ${WHO} }]`);

  expect(exceptions).toHaveLength(1);
});

test('an account that there is not is a warning, unless accounts come from elsewhere too', async () => {
  const exception = `exceptions: [{ accounts: [pord], ${WHO} }]`;

  expect((await parse(exception)).warnings).toEqual([
    'm.yaml:3:27: warning: exceptions[0].accounts[0]: there is no account "pord"; did you mean "prod"?',
  ]);
  expect((await parse(`${exception}\norganizations: [{ provider: aws, name: org, role: r }]`)).warnings).toEqual([]);
});

test('labels that no account has are a warning, unless accounts come from elsewhere too', async () => {
  const exception = `exceptions: [{ labels: { env: dve }, ${WHO} }]`;

  expect((await parse(exception)).warnings).toEqual([
    'm.yaml:3:24: warning: exceptions[0].labels: no account has these labels',
  ]);
  expect((await parse(`${exception}\norganizations: [{ provider: aws, name: org, role: r }]`)).warnings).toEqual([]);
});

test('what decides changes can be set', async () => {
  const { changes } = await parse('changes: { silence_days: 30, severity: { user.created: high } }');

  expect(changes).toEqual({ silence_days: 30, severity: { 'user.created': 'high' }, root_severity: {} });
});

test('a sink can do without the daily list of what is open', async () => {
  const { sinks } = await parse('sinks: [{ name: s, type: stdout, findings: changed }]');

  expect(sinks[0]?.findings).toBe('changed');
});
