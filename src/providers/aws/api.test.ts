import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  ok,
  refusal,
  role,
  type ScriptedAnswer,
  type ScriptedAws,
  scriptedAws,
} from '../../../test/kit/scripted-aws.ts';
import { systemClock } from '../../kit/clock.ts';
import { Secret } from '../../kit/secret.ts';
import { type AwsApi, openApi } from './api.ts';
import { Settings } from './settings.ts';

const ACCOUNT = { provider: 'aws', id: '123456789012', name: 'prod', labels: {}, reports: {}, settings: undefined };
const KEYS = { access_key_id: 'AKIABASE', secret_access_key: new Secret('secret', '${env:KEY}') };
const CALLER = ok('GetCallerIdentity', '<Arn>arn:aws:iam::123456789012:user/hub</Arn><Account>123456789012</Account>');
const STARTED = ok('GenerateCredentialReport', '<State>STARTED</State>');

let cloud: ScriptedAws;
let signal: AbortSignal;
const opened: AwsApi[] = [];

beforeEach(async () => {
  cloud = await scriptedAws();
  signal = new AbortController().signal;
});

afterEach(async () => {
  for (const api of opened.splice(0)) api.close();
  await cloud.close();
});

describe('the AWS api', () => {
  test('hands over the bytes of a report, decoded once, with the instant that AWS gives', async () => {
    const csv = 'user,arn\n<root_account>,é';
    const content = Buffer.from(csv).toString('base64');
    const fields = `<Content>${content}</Content><ReportFormat>text/csv</ReportFormat>`;
    cloud.answer(
      'GetCredentialReport',
      ok('GetCredentialReport', `${fields}<GeneratedTime>2026-11-20T08:00:00Z</GeneratedTime>`),
    );

    const stored = await (await open()).report(signal);

    expect(stored).toMatchObject({
      is: 'report',
      generatedAt: Date.UTC(2026, 10, 20, 8),
      requestId: 'r-GetCredentialReport',
    });
    expect(stored.is === 'report' && Buffer.from(stored.bytes).toString()).toBe(csv);
  });

  test.each([
    [410, 'ReportNotPresent', 'not-present'],
    [410, 'ReportExpired', 'expired'],
    [404, 'ReportInProgress', 'not-ready'],
  ])('%i %s means %s', async (status, code, is) => {
    cloud.answer('GetCredentialReport', refusal(status, code));

    expect(await (await open()).report(signal)).toEqual({ is });
  });

  test('a user that is gone is no fault', async () => {
    cloud.answer('ListAccessKeys', refusal(404, 'NoSuchEntity'));

    expect(await (await open()).accessKeys('alice', undefined, signal)).toBe('gone');
  });

  test.each<[string, ScriptedAnswer, string, RegExp]>([
    ['throttling', refusal(400, 'Throttling'), 'throttled', /was throttled \(Throttling\)/],
    ['a full AWS', refusal(409, 'LimitExceeded'), 'throttled', /LimitExceeded/],
    ['a failing AWS', refusal(500, 'ServiceFailure'), 'unreachable', /failed/],
    ['a missing permission', refusal(403, 'AccessDenied'), 'denied', /allow iam:GenerateCredentialReport/],
    ['unknown keys', refusal(403, 'InvalidClientTokenId'), 'denied', /not valid/],
    ['a wrong secret', refusal(403, 'SignatureDoesNotMatch'), 'denied', /not valid/],
    ['an expired session', refusal(403, 'ExpiredToken'), 'denied', /have expired/],
    ['a request from another time', refusal(403, 'RequestTimeTooSkewed'), 'misconfigured', /clock/],
    ['a call that is not known', refusal(400, 'InvalidAction'), 'misconfigured', /InvalidAction/],
    ['a page of HTML', { body: '<html><body>Welcome</body></html>' }, 'unreachable', /without a usable State/],
    ["a proxy's refusal", { status: 403, body: '<html><title>No<br></html>' }, 'unreachable', /not AWS/],
    ['half an answer', { body: STARTED.body!.slice(0, 90) }, 'unreachable', /account 123456789012/],
    ['an empty answer', { body: '' }, 'unreachable', /account 123456789012/],
    ['an unknown state', ok('GenerateCredentialReport', '<State>MAYBE</State>'), 'unreachable', /usable State/],
    ['a closed connection', { how: 'reset' }, 'unreachable', /got no answer/],
  ])('%s is told as a fault', async (_, answer, kind, message) => {
    cloud.answer('GenerateCredentialReport', answer);

    const fault = await failure((await open()).generate(signal));

    expect(fault).toMatchObject({ name: 'Fault', kind });
    expect(fault.message).toMatch(message);
    expect(fault.message).toContain('account 123456789012: iam:GenerateCredentialReport');
  });

  test('a report that is cut off on the way is no report', async () => {
    const { body = '' } = ok('GetCredentialReport', `<Content>${Buffer.from('user,arn').toString('base64')}</Content>`);
    cloud.answer('GetCredentialReport', { body: body.slice(0, body.indexOf('<Content>') + 14) });

    expect(await failure((await open()).report(signal))).toMatchObject({ kind: 'unreachable' });
  });

  test('a signature of another time is blamed on the clock, by the time that AWS sends', async () => {
    const anHourOn = inAnHour().toUTCString();
    cloud.answer('GenerateCredentialReport', refusal(403, 'SignatureDoesNotMatch', { date: anHourOn }));

    const fault = await failure((await open()).generate(signal));

    expect(fault).toMatchObject({ kind: 'misconfigured' });
    expect(fault.message).toContain('clock');
  });

  test('Retry-After is handed on', async () => {
    cloud.answer('GetCredentialReport', refusal(409, 'LimitExceeded', { 'retry-after': '1' }));

    expect(await failure((await open()).report(signal))).toMatchObject({ kind: 'throttled', retryAfterMs: 1_000 });
  });

  test('a call that hangs ends at its deadline', async () => {
    cloud.answer('GenerateCredentialReport', { how: 'hang' });

    const fault = await failure((await open({ timeout: '1s' })).generate(signal));

    expect(fault).toMatchObject({ kind: 'unreachable' });
  });

  test('the signal ends a call with its own reason', async () => {
    cloud.answer('GenerateCredentialReport', { how: 'hang' });
    const control = new AbortController();
    const call = failure((await open()).generate(control.signal));
    await until(() => cloud.calls.length > 0);

    control.abort(new Error('stopping'));

    expect((await call).message).toBe('stopping');
  });

  test('whose credentials these are is asked once, and named when they are refused', async () => {
    cloud.answer('GetCallerIdentity', CALLER);
    cloud.answer('GenerateCredentialReport', refusal(403, 'AccessDenied'));
    const api = await open();

    expect(await api.identify(signal)).toEqual(await api.identify(signal));

    expect(cloud.calls).toHaveLength(1);
    expect((await failure(api.generate(signal))).message).toContain('is denied to arn:aws:iam::123456789012:user/hub');
  });
});

describe('credentials', () => {
  const auth = { assume_role: { role: 'muster-audit', external_id: 'our-id', base: { access_key: KEYS } } };

  test('a role is assumed once for both services, under a name that can be allow-listed', async () => {
    cloud.answer('AssumeRole', role('ASIA1', inAnHour()));
    cloud.answer('GetCallerIdentity', CALLER);
    cloud.answer('GenerateCredentialReport', STARTED);
    const api = await open({ auth });

    await Promise.all([api.identify(signal), api.generate(signal), api.generate(signal)]);

    const [assumed, ...others] = cloud.calls;
    expect(Object.fromEntries(assumed!.form)).toMatchObject({
      Action: 'AssumeRole',
      RoleArn: 'arn:aws:iam::123456789012:role/muster-audit',
      RoleSessionName: 'muster',
      ExternalId: 'our-id',
      DurationSeconds: '3600',
      Policy: expect.stringContaining('iam:GetCredentialReport'),
    });
    expect(others.map((call) => call.accessKeyId)).toEqual(['ASIA1', 'ASIA1', 'ASIA1']);
    expect(cloud.calls.every((call) => call.userAgent.includes('app/muster'))).toBe(true);
  });

  test('a session that AWS calls expired is forgotten, and the next call gets another', async () => {
    cloud.answer('AssumeRole', role('ASIA1', inAnHour()), role('ASIA2', inAnHour()));
    cloud.answer('GenerateCredentialReport', refusal(403, 'ExpiredToken'), STARTED);
    const api = await open({ auth });

    await failure(api.generate(signal));
    await api.generate(signal);

    expect(cloud.calls.map((call) => call.accessKeyId)).toEqual(['AKIABASE', 'ASIA1', 'AKIABASE', 'ASIA2']);
  });

  test('a role that is refused says what to check, and is tried again at the next call', async () => {
    cloud.answer('AssumeRole', refusal(403, 'AccessDenied'), role('ASIA1', inAnHour()));
    cloud.answer('GenerateCredentialReport', STARTED);
    const api = await open({ auth });

    const fault = await failure(api.generate(signal));

    expect(fault).toMatchObject({ kind: 'denied' });
    expect(fault.message).toContain('account 123456789012: sts:AssumeRole is denied');
    expect(fault.message).toContain('external id');
    expect(await api.generate(signal)).toMatchObject({ State: 'STARTED' });
  });

  test('a profile that does not exist is denied, and named', async () => {
    const fault = await failure((await open({ auth: { profile: 'no-such-profile' } })).generate(signal));

    expect(fault).toMatchObject({ kind: 'denied' });
    expect(fault.message).toContain('the profile "no-such-profile" found no credentials');
  });
});

async function open(settings: Readonly<Record<string, unknown>> = {}): Promise<AwsApi> {
  const parsed = Settings.parse({ endpoint: cloud.url, auth: { access_key: KEYS }, timeout: '20s', ...settings });
  const api = await openApi(ACCOUNT, parsed, systemClock());
  opened.push(api);
  return api;
}

async function failure(call: Promise<unknown>): Promise<Error> {
  try {
    await call;
  } catch (error) {
    return error as Error;
  }
  throw new Error('expected a failure');
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setImmediate(resolve));
}

function inAnHour(): Date {
  return new Date(systemClock().now() + 3_600_000);
}
