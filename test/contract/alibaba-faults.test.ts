import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Secret } from '../../src/kit/secret.ts';
import { temporaryFolder } from '../kit/folder.ts';
import { httpServer } from '../kit/http-server.ts';
import { passing } from '../kit/movable-clock.ts';
import { hubKeys, parsedOf, simulatedAlibabaBench } from '../kit/simulated-alibaba.ts';

const SECRETS = /CAIS|Signature|accessKeySecret/;

test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
  ['throttled', { kind: 'throttle', ms: 7_000 }, { kind: 'throttled', retryAfterMs: 7_000 }],
  ['an error of the cloud', { kind: 'error500' }, { kind: 'unreachable' }],
  ['a reset connection', { kind: 'reset' }, { kind: 'unreachable' }],
  ['no answer', { kind: 'hang' }, { kind: 'unreachable' }],
  ['half an answer', { kind: 'truncated' }, { kind: 'unreachable' }],
  ['garbage', { kind: 'garbage' }, { kind: 'unreachable' }],
  ["a proxy's page with 200", { kind: 'html', status: 200 }, { kind: 'unreachable' }],
  ["a proxy's page with 502", { kind: 'html', status: 502 }, { kind: 'unreachable' }],
  ['denied', { kind: 'denied' }, { kind: 'denied' }],
  ['an expired session', { kind: 'expired_token' }, { kind: 'denied' }],
])('%s is the right fault, names the account and no secret, and is over when it is over', async (_, planted, fault) => {
  const bench = await simulatedAlibabaBench({ accounts: [{ users: 3 }] }, { timeout: '1s' });
  const rule = { match: { action: 'GenerateCredentialReport' }, count: 1, ...planted };
  bench.simulator.faults.plant(rule as Parameters<typeof bench.simulator.faults.plant>[0]);

  const thrown = await bench.collected().catch((error: unknown) => error);

  expect(thrown).toMatchObject(fault);
  expect((thrown as Error).message).toContain(`account ${bench.accountId}: ram:GenerateCredentialReport`);
  expect((thrown as Error).message).not.toMatch(SECRETS);
  expect(parsedOf(await bench.collected())).toMatchObject({ rows: 4, defects: [] });
});

test.each<[string, string, RegExp]>([
  ['an HTML page', '<html><body>busy</body></html>', /HTML/],
  ['another table', 'a,b\n1,2', /column user is missing/],
  ['nothing', '', /empty/],
  ['a header that stands twice', 'user,user_creation_time\nuser,user_creation_time', /header stands|missing/],
  ['Latin-1', Buffer.from('user,jürgen', 'latin1').toString('latin1'), /missing/],
])('%s instead of a report is kept and not believed', async (_, text, what) => {
  const bench = await simulatedAlibabaBench({ accounts: [{ users: 3 }] });
  bench.cloud.injectReport(bench.accountId, Buffer.from(text));

  const report = await bench.collected();

  expect(
    parsedOf(report)
      .defects.map((defect) => defect.what)
      .join(),
  ).toMatch(what);
  expect(bench.calls('ListAccessKeys')).toBe(0);
});

test('a session that was revoked is replaced at the next try, without a restart', async () => {
  const bench = await simulatedAlibabaBench({ accounts: [{ users: 3 }] });
  const first = await bench.collected();
  bench.cloud.gate.sessions.clear();

  await expect(bench.next(first)).rejects.toMatchObject({ kind: 'denied' });

  expect(await bench.next(first)).toMatchObject({ do: 'unchanged', generatedAt: first.generatedAt });
});

test('many callers at once assume the role once, and a failure is not remembered', async () => {
  const bench = await simulatedAlibabaBench({ accounts: [{ users: 3 }] });
  bench.simulator.faults.plant({ kind: 'error500', match: { action: 'AssumeRole' }, count: 1 });
  const signal = new AbortController().signal;
  const identify = () => bench.connection.identify(signal);

  await expect(identify()).rejects.toMatchObject({ kind: 'unreachable', message: /sts:AssumeRole/ });
  await Promise.all([identify(), identify(), identify(), identify()]);

  expect(bench.calls('AssumeRole')).toBe(2);
  await expect(identify()).resolves.toMatchObject({
    accountId: bench.accountId,
    principal: expect.stringContaining('assumed-role') as string,
  });
});

test('a role that is not there, a wrong external id and wrong keys are told apart from an outage', async () => {
  const bench = await simulatedAlibabaBench({ accounts: [{ users: 3 }] });
  const base = hubKeys(bench.cloud);
  const wrongKey = { access_key: { access_key_id: 'LTAInobody', access_key_secret: new Secret('x', '${env:X}') } };
  const signal = new AbortController().signal;

  for (const auth of [
    { assume_role: { role: 'nobody', base } },
    { assume_role: { role: 'muster-audit', external_id: 'wrong', base } },
    wrongKey,
  ]) {
    const connection = await bench.connect({ auth });
    await expect(connection.identify(signal)).rejects.toMatchObject({ kind: 'denied' });
  }
});

test('a clock that is wrong is said to be wrong', async () => {
  const bench = await simulatedAlibabaBench({ accounts: [{ users: 3 }] });
  const { gate } = bench.cloud as { gate: { wallNow: () => number } };
  const now = gate.wallNow;
  gate.wallNow = () => now() + 20 * 60_000;

  await expect(bench.connection.identify(new AbortController().signal)).rejects.toMatchObject({
    kind: 'misconfigured',
    message: /clock is wrong/,
  });
});

test('an abort ends a call at once', async () => {
  const bench = await simulatedAlibabaBench({ accounts: [{ users: 3 }] });
  bench.simulator.faults.plant({ kind: 'hang', match: { action: 'GenerateCredentialReport' } });
  const stopping = new AbortController();
  const looking = bench.next(undefined, undefined, stopping.signal);
  setImmediate(() => stopping.abort(new Error('the daemon stops')));

  await expect(looking).rejects.toThrow('the daemon stops');
});

test('credentials come from a URI, and what it answers is in no message', async () => {
  const bench = await simulatedAlibabaBench({ accounts: [{ users: 3 }] });
  const { hub } = bench.cloud;
  const server = await httpServer();
  onTestFinished(() => server.close());
  const keys = { AccessKeyId: hub.accessKeyId, AccessKeySecret: hub.accessKeySecret };
  server.next(
    { status: 200, body: '{"AccessKeyId":"LTAI","Oops":"hush-hush"}' },
    { status: 200, body: JSON.stringify(keys) },
  );
  const connection = await bench.connect({ auth: { credentials_uri: server.url } });
  const signal = new AbortController().signal;

  const thrown = await connection.identify(signal).catch((error: unknown) => error);
  expect(thrown).toMatchObject({ kind: 'denied', message: /credentials URI/ });
  expect(JSON.stringify([String(thrown), (thrown as Error).cause ?? ''])).not.toContain('hush-hush');

  await expect(passing(bench.clock, connection.identify(signal))).resolves.toMatchObject({ accountId: hub.accountId });
});

test('a token of Kubernetes is exchanged for a session, and read anew after it was rotated', async () => {
  const bench = await simulatedAlibabaBench({ accounts: [{ users: 3 }] });
  const { gate, world } = bench.cloud;
  const providerArn = `acs:ram::${bench.accountId}:oidc-provider/ack-rrsa`;
  const role = world.accounts.get(bench.accountId)!.roles.get('muster-audit')!;
  (role.trusts as string[]).push(providerArn);
  gate.oidcTokens.set(providerArn, 'second-token');
  const folder = await temporaryFolder();
  onTestFinished(() => folder.remove());
  const token_file = join(folder.path, 'token');
  await writeFile(token_file, 'first-token\n');
  const auth = { oidc: { role: 'muster-audit', provider_arn: providerArn, token_file } };
  const connection = await bench.connect({ auth });
  const signal = new AbortController().signal;

  const thrown = await connection.identify(signal).catch((error: unknown) => error);
  expect((thrown as Error).message).not.toContain('first-token');
  expect(thrown).toMatchObject({ kind: 'denied' });

  await writeFile(token_file, 'second-token\n');
  await expect(connection.identify(signal)).resolves.toMatchObject({ accountId: bench.accountId });
});
