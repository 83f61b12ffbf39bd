import { expect, test } from 'vitest';
import { openArchive } from '../../src/archive/archive.ts';
import { verify } from '../../src/archive/verify.ts';
import { sourceName } from '../../src/domain/names.ts';
import type { RawReport } from '../../src/domain/report.ts';
import { parsedOf as parsedOfAws } from '../kit/audited-aws.ts';
import { parsedOf as parsedOfTencent } from '../kit/audited-tencent.ts';
import { inhabited as awsAtWork, work as workOnAws } from '../kit/aws-keys-at-work.ts';
import { eventLines, readAwsEvent, readTencentEvent, usesByEvents, usesByTable } from '../kit/key-events-reader.ts';
import { memoryAttempt } from '../kit/memory-attempt.ts';
import { memoryStore } from '../kit/memory-store.ts';
import { headOf, textOf } from '../kit/raw-report.ts';
import { REGIONS, inhabited as tencentAtWork, work as workOnTencent } from '../kit/tencent-keys-at-work.ts';

const KIND = 'key-audit';
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

test('AWS: from the events of the reports alone a second reader makes the table, whoever was killed on the way', async () => {
  const bench = await awsAtWork(4, 240, { trailLagMs: HOUR_MS / 4 });
  const chain = [await bench.collect(await bench.connect())];

  for (const ms of [DAY_MS, HOUR_MS, HOUR_MS, 3 * DAY_MS]) {
    bench.clock.move(ms);
    workOnAws(bench, 4, 24, ms);
    const attempt = memoryAttempt(bench.clock.now());
    const look = { ...headOf(chain.at(-1)!), attempt: async () => attempt };
    await bench.collectUntil(13, attempt, headOf(chain.at(-1)!));
    chain.push(await bench.collect(await bench.connect(), look));
    expect(usesByEvents(chain, readAwsEvent)).toEqual(usesByTable(parsedOfAws(KIND, chain.at(-1)!).keyUses!));
  }

  expect(doubled(chain, 'EventId')).toEqual([]);
});

test('Tencent Cloud: from the events of the reports alone a second reader makes the table, whoever was killed on the way', async () => {
  const bench = await tencentAtWork(4, 240);
  bench.change({ do: 'tell_all_regions' });
  bench.change({ do: 'delay_events', ms: HOUR_MS / 4 });
  const chain = [await bench.collect(await bench.connect())];

  for (const ms of [DAY_MS, HOUR_MS, HOUR_MS, 3 * DAY_MS]) {
    bench.clock.move(ms);
    workOnTencent(bench, 4, 24, ms);
    const attempt = memoryAttempt(bench.clock.now());
    const look = { ...headOf(chain.at(-1)!), attempt: async () => attempt };
    await bench.collectUntil(11, attempt, headOf(chain.at(-1)!));
    chain.push(await bench.collect(await bench.connect(), look));
    expect(usesByEvents(chain, readTencentEvent)).toEqual(usesByTable(parsedOfTencent(KIND, chain.at(-1)!).keyUses!));
  }

  expect(doubled(chain, 'EventId')).toEqual([]);
});

test('a report that begins anew says so, and what was told before counts no more', async () => {
  const bench = await awsAtWork(3, 60);
  const chain = [await bench.collect(await bench.connect({ regions: ['us-east-1'] }))];
  bench.clock.move(30 * DAY_MS);
  workOnAws(bench, 3, 30, DAY_MS);
  chain.push(await bench.collect(await bench.connect(), headOf(chain[0]!)));

  const heads = eventLines(chain[1]!).flatMap(({ regions, goes_on }) =>
    regions === undefined ? [] : [{ regions, goes_on }],
  );
  expect(heads).toContainEqual({ regions: ['us-east-1'], goes_on: true });
  expect(heads).toContainEqual({ regions: ['eu-west-1'], goes_on: false });
  expect(usesByEvents(chain, readAwsEvent)).toEqual(usesByTable(parsedOfAws(KIND, chain[1]!).keyUses!));
});

test('parameters, answers, session tokens and user agents of calls are not kept, and the manifest says so', async () => {
  const aws = await awsAtWork(3, 60);
  const attempts = [memoryAttempt(aws.clock.now()), memoryAttempt(0)] as const;
  const ofAws = await aws.collect(await aws.connect(), { attempt: async () => attempts[0] });
  const tencent = await tencentAtWork(3, 60);
  const attempt = { ...attempts[1], startedAt: tencent.clock.now() };
  const ofTencent = await tencent.collect(await tencent.connect(), { attempt: async () => attempt });

  for (const text of [textOf(ofAws), textOf(ofTencent)]) {
    expect(text).toContain('"EventId"');
    expect(text).not.toContain('private');
  }
  for (const { answers } of attempts)
    for (const bytes of answers.values()) expect(new TextDecoder().decode(bytes)).not.toContain('private');
  expect(ofAws.cut?.join()).toContain('CloudTrailEvent but its awsRegion');
  expect(ofTencent.cut?.join()).toContain('CloudAuditEvent, Username, SecretId');
});

test('depth products keeps no address, no resource and no more of an event than its service needs', async () => {
  const aws = await awsAtWork(2, 30);
  const tencent = await tencentAtWork(2, 30);

  const ofAws = await aws.collect(await aws.connect({ depth: 'products' }));
  const ofTencent = await tencent.collect(await tencent.connect({ depth: 'products', regions: REGIONS }));

  expect(ofAws.cut?.join()).toMatch(/ReadOnly, Resources, CloudTrailEvent$/);
  expect(ofTencent.cut?.join()).toMatch(/EventName, SourceIPAddress, Resources\.ResourceName$/);
  for (const text of [textOf(ofAws), textOf(ofTencent)]) {
    expect(text).toContain('"EventId"');
    expect(text).not.toMatch(/203\.0\.113\.|bucket-|instance\/ins-/);
  }
  const info = await aws.collect(await aws.connect({ depth: 'info' }));
  expect(info.parts.some(({ name }) => name === 'events.jsonl')).toBe(false);
  expect(info.cut).toEqual([]);
});

test('the events are a part like any other: verified, and named when somebody changed them', async () => {
  const bench = await awsAtWork(2, 30);
  const store = memoryStore();
  const archive = openArchive(store, { clock: bench.clock });
  const source = sourceName({ provider: 'aws', accountId: bench.account.id, kind: KIND });
  const report = await bench.collect(await bench.connect());
  await archive.seen(source, report.generatedAt);
  const draft = { ...report, rows: 2, columns: 1, cut: report.cut ?? [], muster: '0' };
  await archive.append(source, draft, undefined);

  expect((await verify(store)).problems).toEqual([]);
  const key = [...store.objects.keys()].find((one) => one.includes('/events-'))!;
  store.objects.set(key, Buffer.from('{}'));
  expect((await verify(store)).problems).toMatchObject([{ key }]);
});

/** What is kept twice. */
function doubled(chain: readonly RawReport[], id: string): readonly string[] {
  const ids = chain.flatMap(eventLines).flatMap(({ event }) => (event === undefined ? [] : [String(event[id])]));
  return ids.filter((one, at) => ids.indexOf(one) !== at);
}
