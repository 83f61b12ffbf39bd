import { beforeEach, expect, test } from 'vitest';
import { fill, receipt } from '../../test/kit/archive-contract.ts';
import { draft, SOURCE, START, sink } from '../../test/kit/drafts.ts';
import { type MemoryStore, memoryStore } from '../../test/kit/memory-store.ts';
import { movableClock } from '../../test/kit/movable-clock.ts';
import type { ReportEntry } from '../domain/report.ts';
import { openArchive } from './archive.ts';
import type { Archive } from './port.ts';
import { probeStore } from './probe.ts';
import { verify } from './verify.ts';

let store: MemoryStore;
let archive: Archive;
let entries: ReportEntry[];

beforeEach(async () => {
  store = memoryStore();
  archive = openArchive(store, { clock: movableClock(START) });
  entries = await fill(archive, 3);
});

async function deliver(name: string, upTo: number): Promise<void> {
  const epoch = await archive.sinkEpoch(sink(name), 'all', 't', START);
  for (const entry of entries.slice(0, upTo)) await archive.receive(epoch, entry, receipt(entry));
}

function flip(key: string, at: number): void {
  const flipped = store.objects.get(key)!.map((byte, index) => (index === at ? byte ^ 1 : byte));
  store.objects.set(key, flipped);
}

function letter(event_id: string) {
  return { sink: sink('a'), source: SOURCE, number: 1, event_id, reason: 'r', rejected_at: 'x', payload: 'p' };
}

/** Refused and settled, `times` over, and then refused once more. */
async function bury(event_id: string, times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    await archive.deadLetter(letter(event_id));
    for await (const one of archive.deadLetters()) await archive.settle(one, 'dropped', START);
  }
  await archive.deadLetter(letter(event_id));
}

test('a flipped byte of any small object is found', async () => {
  await deliver('a', 2);
  const kept = await archive.quarantine(SOURCE, draft(20), 'no');
  await archive.decide(kept, 'rejected', START);
  await archive.announceParse(SOURCE, 'a'.repeat(64), '0.1.0', START);
  const attempt = await archive.attempt(SOURCE, 4, START);
  await attempt.put('users-0001', Buffer.from('{"users":[]}'));
  await attempt.giveUp();
  await bury('e1', 2);
  await probeStore(store);
  const small = [...store.objects.keys()].filter((key) => !key.startsWith('sources/'));
  expect(new Set(small.map((key) => key.split('/')[0])).size).toBe(7);

  for (const key of small) {
    const whole = store.objects.get(key)!;
    for (let at = 0; at < whole.length; at += 13) {
      store.objects.set(key, whole);
      flip(key, at);
      expect(
        (await verify(store)).problems.map((problem) => problem.key),
        `${key} at ${at}`,
      ).toContain(key);
    }
    store.objects.set(key, whole);
  }
  expect((await verify(store)).problems).toEqual([]);
});

test('a lost receipt, account or number of a series is found', async () => {
  await deliver('a', 3);
  const series = archive.series(['state', 'x']);
  for (const after of [0, 1, 2]) await series.append({ after }, after);
  const lost = [
    `receipts/a/${SOURCE}/00000002-${entries[1]!.sha256.slice(0, 12)}.json`,
    'accounts/aws/123456789012.credential-report.json',
    'series/state/x/00000002.json',
  ];
  for (const key of lost) expect(store.objects.delete(key)).toBe(true);

  expect((await verify(store)).problems.map(({ key }) => key).sort()).toEqual(lost.sort());
});

test('a dead letter that its settlement or a later letter speaks of is missed', async () => {
  await bury('e1', 2);
  const place = `dead-letters/a/${SOURCE}/00000001-e1`;
  const lost = [`${place}.json`, `${place}.2.settled.json`];
  for (const key of lost) expect(store.objects.delete(key)).toBe(true);

  expect((await verify(store)).problems.map(({ key }) => key).sort()).toEqual(lost.sort());
});

test('a claim of another report is found', async () => {
  await archive.attempt(SOURCE, 4, START);
  const [key, bytes] = [...store.objects].find(([name]) => name.endsWith('/start.json'))!;
  store.objects.set(key.replace('00000004', '00000005'), bytes);

  expect((await verify(store)).problems).toEqual([
    { key: key.replace('00000004', '00000005'), what: 'changed: it claims another report' },
  ]);
});

test('an object that is in no place of ours was added', async () => {
  const added = [
    'README',
    'accounts/x',
    `attempts/${SOURCE}/00000004/1/notes.txt`,
    `dead-letters/a/${SOURCE}/00000001-e1.1.json`,
    'elsewhere/a',
    'probe/other',
    `receipts/a/${SOURCE}/x.json`,
    'series/state/x.json',
    'toString/x',
  ];
  for (const key of added) store.objects.set(key, Buffer.from('x'));

  expect((await verify(store)).problems.map(({ key }) => key).sort()).toEqual(added.sort());
});
