import { describe, expect, test } from 'vitest';
import type { JobState } from '../../src/archive/port.ts';
import type { FaultKind } from '../../src/domain/fault.ts';
import type { SourceName } from '../../src/domain/names.ts';
import { sourceState } from '../../src/pipeline/state.ts';
import type { FaultRule } from '../../src/simulator/faults.ts';
import { type ThreeClouds, threeClouds } from '../kit/three-clouds.ts';

const MINUTE_MS = 60_000;

type CloudName = keyof ThreeClouds['victims'];

interface Cloud {
  readonly name: CloudName;
  /** The call that a report cannot do without. */
  readonly action: string;
}

const CLOUDS: readonly Cloud[] = [
  { name: 'aws', action: 'GenerateCredentialReport' },
  { name: 'alibaba', action: 'GenerateCredentialReport' },
  { name: 'tencent', action: 'ListAccounts' },
];

interface Row {
  readonly what: string;
  readonly rule: Omit<FaultRule, 'match'>;
  /** Another call than the one for a report. */
  readonly action?: string;
  readonly kind: FaultKind;
  /** The least and the most that is waited after the first time. */
  readonly waitMs: readonly [least: number, most: number];
  /** Where the cloud does not know it. */
  readonly not?: readonly CloudName[];
  readonly timeout?: string;
}

const SOON = [1, 5_000] as const;
const BY_A_PERSON = [30_000, 5 * MINUTE_MS] as const;

/** F14 and F16: what the cloud does to one account, what the pipeline is told, and how long it stays away. */
const ROWS: readonly Row[] = [
  // AWS's SDK tries again by itself, and takes seconds for it.
  { what: 'a throttle', rule: { kind: 'throttle' }, kind: 'throttled', waitMs: SOON, timeout: '20s' },
  { what: 'a 500', rule: { kind: 'error500' }, kind: 'unreachable', waitMs: SOON },
  { what: 'no answer', rule: { kind: 'hang' }, kind: 'unreachable', waitMs: SOON },
  { what: 'a reset', rule: { kind: 'reset' }, kind: 'unreachable', waitMs: SOON },
  { what: 'half an answer', rule: { kind: 'truncated' }, kind: 'unreachable', waitMs: SOON },
  { what: 'garbage', rule: { kind: 'garbage' }, kind: 'unreachable', waitMs: SOON },
  { what: "a proxy's page with 502", rule: { kind: 'html', status: 502 }, kind: 'unreachable', waitMs: SOON },
  { what: "a proxy's page with 200", rule: { kind: 'html', status: 200 }, kind: 'unreachable', waitMs: SOON },
  { what: 'an expired session', rule: { kind: 'expired_token' }, kind: 'denied', waitMs: BY_A_PERSON },
  { what: 'a denied role', rule: { kind: 'denied' }, action: 'AssumeRole', kind: 'denied', waitMs: BY_A_PERSON },
  { what: 'STS that fails', rule: { kind: 'error500' }, action: 'AssumeRole', kind: 'unreachable', waitMs: SOON },
  { what: 'a denied report', rule: { kind: 'denied' }, kind: 'denied', waitMs: BY_A_PERSON, not: ['tencent'] },
];

describe.each(CLOUDS.map((cloud) => [cloud.name, cloud] as const))('%s', (_, { name, action }) => {
  const rows = ROWS.filter(({ not = [] }) => !not.includes(name));

  test.each(rows.map((row) => [row.what, row.kind, row] as const))(
    '%s is %s: the others have their reports, nothing secret is kept or said, and it recovers by itself',
    async (__, ___, row) => {
      const clouds = await threeClouds({ timeout: row.timeout ?? '1s' });
      const { simulator, victims, sources, bring } = clouds;
      const victim = victims[name];
      const match = { action: row.action ?? action, account: victim.split('/')[1]! };
      simulator.faults.plant({ match, ...row.rule });

      const outcome = await bring(victim);
      const asked = simulator.calls.list().filter((call) => call.action === match.action).length;
      for (const source of sources) if (source !== victim) await bring(source);

      expect(faultOf(clouds, victim)).toMatchObject({ fault: row.kind });
      expect(outcome.failedFor).toBeGreaterThanOrEqual(row.waitMs[0]);
      expect(outcome.failedFor).toBeLessThanOrEqual(row.waitMs[1]);
      expect(asked).toBeLessThanOrEqual(8); // no hot loop
      expect(await headsOf(clouds)).toEqual(sources.map((source) => (source === victim ? undefined : 1)));
      await expectNoSecret(clouds);

      simulator.faults.clear();
      await bring(victim);

      expect(await headsOf(clouds)).toEqual(sources.map(() => 1));
      expect((await stateOf(clouds, victim))?.state).toBe('ok');
    },
  );
});

test('a wait that the cloud asks for comes first', async () => {
  const { simulator, victims, bring } = await threeClouds();
  const match = { action: 'GenerateCredentialReport', account: victims.alibaba.split('/')[1]! };
  simulator.faults.plant({ match, kind: 'throttle', ms: 90_000 });

  expect((await bring(victims.alibaba)).failedFor).toBeGreaterThanOrEqual(90_000);
});

/** F15: what is no report is kept as evidence, believed by nobody, and hides no other account's. */
const BROKEN: readonly (readonly [what: string, bytes: (csv: Buffer) => Buffer])[] = [
  ['nothing', () => Buffer.alloc(0)],
  ['a page of HTML', () => Buffer.from('<!doctype html><html><body>busy</body></html>')],
  ['another table', () => Buffer.from('a,b\n1,2')],
  ['a table that is cut', (csv) => csv.subarray(0, csv.length - 20)],
  ['UTF-16', (csv) => Buffer.from(csv.toString('utf8'), 'utf16le')],
  ['NULs', (csv) => Buffer.concat([csv.subarray(0, 40), Buffer.alloc(40)])],
  ['only a header', (csv) => Buffer.from(csv.toString('utf8').split('\n')[0]!)],
];

describe.each(['aws', 'alibaba'] as const)('a report of %s that is', (name) => {
  test.each(BROKEN)('%s is in quarantine, and no event comes of it', async (_, bytesOf) => {
    const clouds = await threeClouds();
    const { victims, bring, stage, happenings } = clouds;
    const victim = victims[name];
    await bring(victim);
    const head = (await stage.archive.head(victim))!;
    const csv = (await stage.archive.parts(head, ['report.csv'])).get('report.csv')!;
    inject(clouds, name, victim.split('/')[1]!, bytesOf(Buffer.from(csv)));
    clouds.clock.move(5 * 60 * MINUTE_MS);

    await bring(victim);

    expect((await stage.archive.head(victim))?.number).toBe(1);
    expect(happenings.filter(({ kind }) => kind === 'quarantined')).toHaveLength(1);
    await expectNoSecret(clouds);
  });
});

function inject({ simulator }: ThreeClouds, name: 'aws' | 'alibaba', account: string, bytes: Buffer): void {
  if (name === 'alibaba') simulator.alibaba!.injectReport(account, bytes);
  else simulator.world.accounts.get(account)!.report.injected = bytes;
}

function faultOf({ happenings }: ThreeClouds, source: SourceName): unknown {
  return happenings.find((happening) => happening.kind === 'fault' && happening.subject === source);
}

async function stateOf({ stage }: ThreeClouds, source: SourceName): Promise<JobState | undefined> {
  return (await stage.archive.series<JobState>(sourceState(source)).latest())?.value ?? ({ state: 'ok' } as JobState);
}

async function headsOf({ stage, sources }: ThreeClouds): Promise<readonly (number | undefined)[]> {
  return Promise.all(sources.map(async (source) => (await stage.archive.head(source))?.number));
}

async function expectNoSecret({ everything, secrets }: ThreeClouds): Promise<void> {
  const text = await everything();
  expect(secrets().filter((secret) => text.includes(secret))).toEqual([]);
  expect(text).not.toMatch(/Signature=|Credential=[A-Z]/);
}
