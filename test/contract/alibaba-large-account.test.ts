import { expect, test } from 'vitest';
import { completeRules } from '../../src/derive/checks/registry.ts';
import { derive } from '../../src/derive/derive.ts';
import { judge } from '../../src/derive/judge.ts';
import type { Findings } from '../../src/domain/finding.ts';
import type { LoadedReport } from '../../src/domain/loaded.ts';
import type { RawReport } from '../../src/domain/report.ts';
import { partsOf } from '../kit/raw-report.ts';
import { type AlibabaBench, alibabaEntry, HOUR_MS, parsedOf, simulatedAlibabaBench } from '../kit/simulated-alibaba.ts';

test('3,501 users and back: no id changes, and nothing happens because of it', async () => {
  const bench = await simulatedAlibabaBench({ accounts: [{ users: 40 }], pageRows: 3_501 });
  for (let index = 0; index < 3_460; index += 1) change(bench, 'create_user', `bulk-${index}`);
  change(bench, 'create_key', '<root>');
  const below = await bench.collected();
  bench.clock.move(4 * HOUR_MS + 60_000);
  change(bench, 'create_user', 'one-too-many');

  const above = await bench.collected(below);

  expect(above.origin).toBe('synthesised');
  expect(parsedOf(above)).toMatchObject({ rows: 3_502, defects: [], oddities: [], population: 3_502 });
  expect(partsOf(above).has('synthesis.json')).toBe(true);
  expect(above.notVisible.join()).toContain('more than 3,500 RAM users');
  expect(above.cut).toContain('Email');
  expect(Buffer.from(above.parts[0]!.bytes).toString()).not.toContain('personal.example');

  bench.clock.move(4 * HOUR_MS + 60_000);
  change(bench, 'delete_user', 'one-too-many');
  const again = await bench.collected(above);

  expect(again.origin).toBe('provider');
  const loaded = chainOf(bench, [below, above, again]);
  const told = (index: number) =>
    derive(loaded[index - 1], loaded[index]!)
      .map(({ event }) => event)
      .filter(({ kind }) => kind === 'change' || kind === 'finding')
      .map(({ type, identity, check, status, cause }) =>
        [type, identity?.id, check?.id, status, cause].filter((word) => word !== undefined).join(' '),
      );
  // The new user has neither a password nor a key: there is nothing that it could be used with.
  expect(told(1)).toEqual(['user.created one-too-many', 'finding.opened one-too-many user.inactive open report']);
  expect(told(2)).toEqual(['user.deleted one-too-many', 'finding.closed one-too-many user.inactive closed report']);
  expect(loaded[1]!.findings.open.map(({ check }) => check)).toContain('root.key.exists');
  const changed = derive(loaded[0], loaded[1]!).filter((told) => told.event.kind === 'inventory' && told.changed);
  expect(changed.map(({ event }) => event.identity?.id)).toEqual(['one-too-many']);
  expect(parsedOf(above).records[0]!.derived).toContain('access_keys');
  const ids = (report: RawReport) =>
    parsedOf(report).records.map(({ identity }) =>
      JSON.stringify([identity.id, identity.uniqueId, identity.createdAt]),
    );
  expect(new Set(ids(above).filter((id) => !id.includes('one-too-many')))).toEqual(new Set(ids(below)));
});

test('throttling does not end it, and what was answered before a crash is not asked again', async () => {
  const bench = await largeBench();
  bench.simulator.faults.plant({ kind: 'throttle', match: { action: 'ListAccessKeys' }, count: 2, ms: 1_500 });
  const whole = await bench.collected();
  expect(bench.simulator.calls.list().filter(({ answer }) => answer.code === 'Throttling.User')).toHaveLength(2);
  const csv = Buffer.from(whole.parts[0]!.bytes).toString();
  const asked = bench.calls('ListAccessKeys');
  bench.attempts.clear();
  bench.simulator.calls.clear();
  const dying = new AbortController();
  const putting = bench.collected(undefined, dying.signal).catch(() => 'dead');
  await until(() => bench.attempts.get(1)?.kept.has('users-0010') === true);
  dying.abort(new Error('killed'));
  await putting;

  const resumed = await bench.collected();

  expect(Buffer.from(resumed.parts[0]!.bytes).toString()).toBe(csv);
  expect(bench.calls('ListAccessKeys')).toBeLessThanOrEqual(asked + 100);
  expect(resumed.generatedAt).toBe(bench.attempts.get(1)!.startedAt);
});

test('columns that may not be asked for are unknown, and never FALSE', async () => {
  const bench = await largeBench();
  bench.cloud.allow(bench.accountId, 'muster-audit', ['ram:ListUsers', 'ram:ListAccessKeys', 'ram:GetAccountSummary']);

  const report = await bench.collected();

  const { records, oddities } = parsedOf(report);
  const users = records.filter(({ identity }) => identity.kind === 'user');
  expect(oddities).toEqual([]);
  expect(users.every(({ console, mfa }) => 'reason' in console.enabled && 'reason' in mfa)).toBe(true);
  expect(report.notVisible.join()).toContain('not allowed: ram:GetLoginProfile');
  expect(report.notVisible.join()).toContain('not allowed: ram:GetAccessKeyLastUsed');
  // Once refused, a call is not made for thousands of users.
  expect(bench.calls('GetLoginProfile')).toBeLessThan(50);
});

test('without the right to list keys there is no report, and the fault says what is missing', async () => {
  const bench = await largeBench();
  bench.cloud.allow(bench.accountId, 'muster-audit', ['ram:ListUsers', 'ram:GetAccountSummary']);

  await expect(bench.collected()).rejects.toMatchObject({ kind: 'denied', message: /allow ram:ListAccessKeys/ });
});

test('without the account summary the refusal to make a report says what is wrong', async () => {
  const bench = await largeBench();
  bench.cloud.allow(bench.accountId, 'muster-audit', ['ram:GenerateCredentialReport', 'ram:GetCredentialReport']);

  await expect(bench.collected()).rejects.toMatchObject({
    kind: 'denied',
    message: expect.stringMatching(/LimitExceeded.*allow ram:GetAccountSummary on \*/),
  });
});

/** Users are cheap here: only few have a console login or a key. */
async function largeBench(): Promise<AlibabaBench> {
  const bench = await simulatedAlibabaBench({ accounts: [{ users: 20 }] });
  for (let index = 0; index < 3_490; index += 1) change(bench, 'create_user', `bulk-${index}`);
  return bench;
}

function change(bench: AlibabaBench, action: string, user: string): void {
  bench.cloud.change({ account: bench.accountId, do: action, user });
}

function chainOf(bench: AlibabaBench, reports: readonly RawReport[]): readonly LoadedReport[] {
  let findings: Findings | undefined;
  return reports.map((report, index) => {
    const entry = alibabaEntry(bench.accountId, report, index + 1);
    const parsed = parsedOf(report);
    const rules = completeRules({});
    findings = judge(entry.source, parsed, report.generatedAt, rules, findings);
    const account = { provider: 'alibaba', id: bench.accountId, name: 'prod', labels: {} };
    const context = { version: 1 as const, account, every_ms: 4 * HOUR_MS, rules, not_visible: [], muster: '0' };
    return { entry, context, findings, parsed, parts: partsOf(report) };
  });
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setImmediate(resolve));
}
