import { beforeEach, describe, expect, test } from 'vitest';
import { fill, receipt } from '../../test/kit/archive-contract.ts';
import { draft, SOURCE, START, sink } from '../../test/kit/drafts.ts';
import { type MemoryStore, memoryStore } from '../../test/kit/memory-store.ts';
import { movableClock } from '../../test/kit/movable-clock.ts';
import type { ReportEntry } from '../domain/report.ts';
import { sha256 } from '../kit/hash.ts';
import { openArchive } from './archive.ts';
import { jsonBytes } from './json-object.ts';
import type { Archive } from './port.ts';
import { probeStore } from './probe.ts';
import { verify } from './verify.ts';

const clock = movableClock(START);
const REPORTS = 12;
let store: MemoryStore;
let archive: Archive;
let entries: ReportEntry[];

beforeEach(async () => {
  store = memoryStore();
  archive = openArchive(store, { clock });
  entries = await fill(archive, REPORTS);
});

function folder(number: number): string {
  return `sources/${SOURCE}/${String(number).padStart(8, '0')}`;
}

function manifest(number: number): string {
  return `${folder(number)}/manifest.json`;
}

function partOf(number: number): string {
  return [...store.objects.keys()].find((key) => key.startsWith(`${folder(number)}/report-`))!;
}

async function deliver(name: string, upTo: number): Promise<void> {
  const epoch = await archive.sinkEpoch(sink(name), 'all', 't', START);
  for (const entry of entries.slice(0, upTo)) await archive.receive(epoch, entry, receipt(entry));
}

function anchors(numbers: readonly number[]) {
  return numbers.map((number) => ({ source: SOURCE, number, manifest_sha256: entries[number - 1]!.sha256 }));
}

function flip(key: string, at: number): void {
  store.objects.set(
    key,
    store.objects.get(key)!.map((byte, index) => (index === at ? byte ^ 1 : byte)),
  );
}

function remove(number: number): void {
  for (const key of store.objects.keys()) if (key.startsWith(`${folder(number)}/`)) store.objects.delete(key);
}

/** As somebody would who can compute digests: the chain is whole again afterwards. */
function rehash(from: number): void {
  let previous: { number: number; sha256: string } | undefined;
  for (let number = from; store.objects.has(manifest(number)); number += 1) {
    const value = JSON.parse(Buffer.from(store.objects.get(manifest(number))!).toString()) as Record<string, unknown>;
    if (previous === undefined) value['rows'] = 999;
    else value['previous'] = previous;
    const bytes = jsonBytes(value);
    store.objects.set(manifest(number), bytes);
    previous = { number, sha256: sha256(bytes) };
  }
}

test('an archive that nobody touched has no problems', async () => {
  await deliver('a', REPORTS);
  await deliver('b', 3);
  await probeStore(store);
  await archive.quarantine(SOURCE, draft(20), 'no');
  await archive.announceParse(SOURCE, 'a'.repeat(64), '0.1.0', START);
  await archive.parsed(SOURCE, 'a'.repeat(64), '0.1.0');

  const result = await verify(store);

  expect(result).toEqual({
    sources: 1,
    reports: REPORTS,
    parts: REPORTS * 4,
    receipts: REPORTS + 3,
    litter: 0,
    problems: [],
    tail: 'unproven',
    unanchored: 1,
  });
});

test('what a crash left is litter, not a problem', async () => {
  await store.create(`${folder(13)}/report-${'0'.repeat(64)}.csv.gz`, Buffer.from('x'));
  await store.create(`${folder(2)}/context-${'0'.repeat(64)}.json`, Buffer.from('x'));
  await store.create(`quarantine/${SOURCE}/20261120T090000Z-0123456789ab/context-x.json`, Buffer.from('x'));

  expect(await verify(store)).toMatchObject({ litter: 3, problems: [], reports: REPORTS });
});

describe('in the middle of a chain', () => {
  test('a flipped byte of a part is found', async () => {
    flip(partOf(5), 25);

    expect((await verify(store)).problems).toEqual([{ key: partOf(5), what: expect.stringMatching(/^changed/) }]);
  });

  test('a missing part is found', async () => {
    const lost = partOf(5);
    store.objects.delete(lost);

    expect((await verify(store)).problems).toEqual([{ key: lost, what: expect.stringMatching(/^lost/) }]);
  });

  test('a flipped byte of a manifest is found, wherever it is', async () => {
    const whole = store.objects.get(manifest(5))!;
    for (let at = 0; at < whole.length; at += 11) {
      store.objects.set(manifest(5), whole);
      flip(manifest(5), at);
      expect((await verify(store)).problems.map(({ key }) => key)).toContain(manifest(5));
    }
  });

  test('a removed report is found, with or without its parts', async () => {
    store.objects.delete(manifest(5));
    remove(7);

    expect((await verify(store)).problems).toEqual([
      { key: manifest(5), what: expect.stringMatching(/^lost/) },
      { key: manifest(7), what: expect.stringMatching(/^lost/) },
    ]);
  });

  test('an inserted report is found', async () => {
    const inserted = JSON.parse(Buffer.from(store.objects.get(manifest(12))!).toString()) as Record<string, unknown>;
    store.objects.set(manifest(13), jsonBytes({ ...inserted, number: 13 }));

    expect((await verify(store)).problems.map(({ key }) => key)).toContain(manifest(13));
  });

  test('a report that takes the place of another is found', async () => {
    store.objects.set(manifest(5), store.objects.get(manifest(4))!);

    expect((await verify(store)).problems[0]?.key).toBe(manifest(5));
  });
});

describe('at the end of a chain', () => {
  test('a re-hashed tail is contradicted by receipts', async () => {
    await deliver('a', REPORTS);
    rehash(8);

    expect((await verify(store)).problems[0]).toEqual({
      key: manifest(7 + 1),
      what: expect.stringMatching(/^changed/),
    });
  });

  test('a re-hashed tail is contradicted by anchors', async () => {
    rehash(8);

    const blind = await verify(store);
    const { problems } = await verify(store, { anchors: anchors([6, 10]) });

    expect(blind).toMatchObject({ problems: [], tail: 'unproven' });
    expect(problems).toEqual([{ key: manifest(10), what: expect.stringMatching(/^changed/) }]);
  });

  test.each([1, 10])('the newest %i removed are missed by anchors', async (count) => {
    const all = anchors(entries.map(({ number }) => number));
    for (let number = REPORTS; number > REPORTS - count; number -= 1) remove(number);

    const blind = await verify(store);
    const { problems } = await verify(store, { anchors: all });

    expect(blind).toMatchObject({ problems: [], tail: 'unproven' });
    expect(problems).toEqual([{ key: manifest(REPORTS - count + 1), what: expect.stringMatching(/^lost/) }]);
  });

  test('the newest removed are missed by receipts', async () => {
    await deliver('a', REPORTS);
    remove(12);

    expect((await verify(store)).problems).toEqual([{ key: manifest(12), what: expect.stringMatching(/^lost/) }]);
  });

  test('a tail is anchored when the head of every chain is', async () => {
    expect(await verify(store, { anchors: anchors([12]) })).toMatchObject({ tail: 'anchored', problems: [] });
    expect(await verify(store, { anchors: anchors([11]) })).toMatchObject({ tail: 'unproven', unanchored: 1 });
  });

  test('a chain that is gone altogether is missed by receipts and by anchors', async () => {
    await deliver('a', 2);
    const known = anchors([12]);
    for (let number = 1; number <= REPORTS; number += 1) remove(number);

    expect((await verify(store)).problems.map(({ key }) => key)).toEqual([manifest(1), manifest(2)]);
    expect((await verify(store, { anchors: known })).problems[0]?.key).toBe(manifest(1));
  });
});
