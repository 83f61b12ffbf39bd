import { describe, expect, test } from 'vitest';
import { Fault, type FaultKind } from '../../src/domain/fault.ts';
import { Secret } from '../../src/kit/secret.ts';
import type { FaultRule } from '../../src/simulator/faults.ts';
import { memoryAttempt } from '../kit/memory-attempt.ts';
import { headOf, parsed, tencentBench, wayIn } from '../kit/simulated-tencent.ts';

interface Row {
  readonly name: string;
  readonly rule: FaultRule;
  readonly fault: FaultKind;
  readonly says: RegExp;
}

const list = { service: 'cam', action: 'ListAccounts' };
const keys = { service: 'cam', action: 'ListAccessKeys' };

/** F14 to F16: what the cloud does, and what the pipeline is told. Each goes on at the next look. */
const ROWS: readonly Row[] = [
  {
    name: 'throttled for long',
    rule: { match: keys, kind: 'throttle' },
    fault: 'throttled',
    says: /RequestLimitExceeded/,
  },
  {
    name: 'the account throttled',
    rule: { match: list, kind: 'limit_exceeded' },
    fault: 'throttled',
    says: /UinLimitExceeded/,
  },
  {
    name: 'an internal error for all',
    rule: { match: keys, kind: 'error500' },
    fault: 'unreachable',
    says: /InternalError/,
  },
  { name: 'no answer', rule: { match: list, kind: 'hang' }, fault: 'unreachable', says: /got no answer/ },
  { name: 'a reset', rule: { match: list, kind: 'reset' }, fault: 'unreachable', says: /got no answer/ },
  {
    name: 'half an answer',
    rule: { match: list, kind: 'truncated' },
    fault: 'unreachable',
    says: /not Tencent Cloud|no answer/,
  },
  { name: 'garbage', rule: { match: list, kind: 'garbage' }, fault: 'unreachable', says: /not Tencent Cloud/ },
  { name: 'a page of a proxy', rule: { match: list, kind: 'html' }, fault: 'unreachable', says: /status 502/ },
  {
    name: 'a page with status 200',
    rule: { match: list, kind: 'html', status: 200 },
    fault: 'unreachable',
    says: /not Tencent Cloud/,
  },
  {
    name: 'keys denied',
    rule: { match: keys, kind: 'denied' },
    fault: 'denied',
    says: /allow cam:ListAccessKeys on \*/,
  },
  { name: 'an expired token', rule: { match: keys, kind: 'expired_token' }, fault: 'denied', says: /have expired/ },
  {
    name: 'the role denied',
    rule: { match: { service: 'sts', action: 'AssumeRole' }, kind: 'denied' },
    fault: 'denied',
    says: /check that the role exists/,
  },
];

describe('a fault of the cloud', () => {
  test.each(ROWS)('$name: $fault', async ({ rule, fault, says }) => {
    const bench = await tencentBench({ usersPerAccount: 12 });
    const attempt = memoryAttempt(bench.clock.now());
    const connection = await bench.connect({ timeout: '1s' });
    bench.simulator.faults.plant(rule);

    const failed = await bench.collect(connection, { attempt: async () => attempt }).catch((error: unknown) => error);

    expect(failed).toBeInstanceOf(Fault);
    expect(failed).toMatchObject({ kind: fault, message: expect.stringMatching(says) as string });
    expect((failed as Fault).message).toContain(`account ${bench.accountId}: `);
    expect((failed as Fault).message).not.toMatch(/AKID|127\.0\.0\.1|<html|Credential=/);
    // Well again: the same connection, without a restart.
    bench.simulator.faults.clear();
    expect(parsed(await bench.collect(connection, { attempt: async () => attempt }))).toMatchObject({ rows: 12 });
  });

  test('now and then costs a pause, not the report', async () => {
    const bench = await tencentBench({ usersPerAccount: 24 });
    bench.simulator.faults.plant({ match: keys, kind: 'throttle', count: 3 });
    bench.simulator.faults.plant({ match: list, kind: 'reset', count: 1 });
    bench.simulator.faults.plant({ match: keys, kind: 'error500', count: 2 });

    const report = await bench.collect(await bench.connect());

    expect(parsed(report)).toMatchObject({ rows: 24, oddities: [] });
  });
});

/** What is lost without each permission, and that it is said. */
const OPTIONAL: readonly { readonly action: string; readonly says: string | undefined }[] = [
  { action: 'ListAccounts', says: 'users of CIC and agents (not allowed: cam:ListAccounts)' },
  { action: 'ListUsers', says: undefined },
  { action: 'ListCollaborators', says: undefined },
  { action: 'DescribeSubAccounts', says: 'last sign-ins of 24 accounts (not allowed: cam:DescribeSubAccounts)' },
  { action: 'GetSecurityLastUsed', says: 'last uses of access keys of' },
  {
    action: 'DescribeSafeAuthFlagColl',
    says: 'login protection, operation protection and MFA of 21 accounts (not allowed: cam:DescribeSafeAuthFlagColl)',
  },
  { action: 'GetAccountSummary', says: undefined },
];

describe('without a permission', () => {
  test.each(OPTIONAL)('$action: only its own part is missing, and it is said', async ({ action, says }) => {
    const bench = await tencentBench({ usersPerAccount: 24 });
    bench.simulator.faults.plant({ match: { service: 'cam', action }, kind: 'denied' });

    const report = await bench.collect(await bench.connect());

    expect(parsed(report)).toMatchObject({ rows: 24, defects: [], oddities: [] });
    if (says === undefined) expect(bench.said).toEqual([]);
    else {
      expect(report.notVisible.join('\n')).toContain(says);
      expect(bench.said).toEqual([expect.objectContaining({ kind: 'degraded' })]);
    }
    // A denied call is made once, not for each user.
    expect(bench.counts()[action] ?? 0).toBeLessThanOrEqual(8);
  });

  test('people of a list that was there before are not told as deleted', async () => {
    const bench = await tencentBench({ usersPerAccount: 24 });
    bench.cloud.world.accounts.get(bench.accountId)!.hasListAccounts = false;
    const connection = await bench.connect();
    const before = await bench.collect(connection);
    bench.simulator.faults.plant({ match: { service: 'cam', action: 'ListCollaborators' }, kind: 'denied' });

    const later = bench.collect(connection, headOf(before));

    await expect(later).rejects.toMatchObject({
      kind: 'denied',
      message: expect.stringContaining('its people would look deleted') as string,
    });
  });
});

test('without both lists of users there is no report, and it is said which permission is missing', async () => {
  const bench = await tencentBench();
  for (const action of ['ListAccounts', 'ListUsers'])
    bench.simulator.faults.plant({ match: { service: 'cam', action }, kind: 'denied' });

  const failed = bench.collect(await bench.connect());

  await expect(failed).rejects.toMatchObject({
    kind: 'denied',
    message: expect.stringContaining('allow cam:ListUsers on *') as string,
  });
});

test('wrong keys are told as such, and no secret is in the message', async () => {
  const bench = await tencentBench();
  const { secretId } = bench.cloud.hub;
  const secret = (secret_id: string, key: string) => ({
    auth: { secret: { secret_id, secret_key: new Secret(key, '${env:KEY}') } },
  });
  const wrongKey = await bench.connect({ ...wayIn(bench.simulator), ...secret(secretId, 'not-the-key') });
  const wrongId = await bench.connect({ ...wayIn(bench.simulator), ...secret('AKIDnobody', 'not-the-key') });
  const signal = new AbortController().signal;

  for (const [connection, code] of [
    [wrongKey, 'SignatureFailure'],
    [wrongId, 'SecretIdNotFound'],
  ] as const) {
    const failed = await connection.identify(signal).catch((error: unknown) => error);
    expect(failed).toMatchObject({ kind: 'denied', message: expect.stringContaining(code) as string });
    expect(JSON.stringify((failed as Fault).message)).not.toContain('not-the-key');
  }
});
