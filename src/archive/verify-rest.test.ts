import { beforeEach, expect, test } from 'vitest';
import { fill, receipt } from '../../test/kit/archive-contract.ts';
import { draft, SOURCE, START, sink } from '../../test/kit/drafts.ts';
import { type MemoryStore, memoryStore } from '../../test/kit/memory-store.ts';
import { movableClock } from '../../test/kit/movable-clock.ts';
import type { ReportEntry } from '../domain/report.ts';
import { openArchive } from './archive.ts';
import type { Archive } from './port.ts';
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

test('a flipped byte of any small object is found', async () => {
  await deliver('a', 2);
  const kept = await archive.quarantine(SOURCE, draft(20), 'no');
  await archive.decide(kept, 'rejected', START);
  await archive.announceParse(SOURCE, 'a'.repeat(64), START);
  const letter = {
    sink: sink('a'),
    source: SOURCE,
    number: 1,
    event_id: 'e1',
    reason: 'r',
    rejected_at: 'x',
    payload: 'p',
  };
  await archive.deadLetter(letter);
  await archive.settle({ ...letter, id: '' }, 'dropped', START);
  const small = [...store.objects.keys()].filter((key) => !key.startsWith('sources/'));
  expect(new Set(small.map((key) => key.split('/')[0])).size).toBe(6);

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

test('an object that is in no place of ours was added', async () => {
  const added = [
    'README',
    'accounts/x',
    'elsewhere/a',
    'probe/other',
    `receipts/a/${SOURCE}/x.json`,
    'series/state/x.json',
    'toString/x',
  ];
  for (const key of added) store.objects.set(key, Buffer.from('x'));

  expect((await verify(store)).problems.map(({ key }) => key).sort()).toEqual(added.sort());
});
