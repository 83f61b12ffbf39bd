import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { archiveContract, fill, receipt } from '../../test/kit/archive-contract.ts';
import { draft, SOURCE, START, sink } from '../../test/kit/drafts.ts';
import { memoryStore } from '../../test/kit/memory-store.ts';
import { movableClock } from '../../test/kit/movable-clock.ts';
import { openArchive } from './archive.ts';
import { openFileStore } from './file-store.ts';

const clock = movableClock(START);
let folder = '';
let made = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-archive-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('in memory', () => archiveContract(async () => memoryStore()));

describe('in a folder', () => {
  archiveContract(() => {
    made += 1;
    return openFileStore(join(folder, `${made}`));
  });
});

test('a head that is known costs one look, a cursor that is at its head none', async () => {
  const store = memoryStore();
  const archive = openArchive(store, { clock });
  await fill(archive, 9);
  const head = await archive.head(SOURCE);
  const epoch = await archive.sinkEpoch(sink('s'), 'now', 't', START);
  await archive.receive(epoch, head!, receipt(head!));
  const before = { ...store.calls };

  await archive.head(SOURCE);
  await archive.cursor(epoch, SOURCE, head);

  expect(store.calls).toEqual({ ...before, get: before.get + 1 });
});

test('a cold head is found in few looks', async () => {
  const store = memoryStore();
  await fill(openArchive(store, { clock }), 200);
  store.calls.get = 0;

  const head = await openArchive(store, { clock }).head(SOURCE);

  expect(head?.number).toBe(200);
  expect(store.calls.get).toBeLessThanOrEqual(16);
});

test('a manifest names no part that cannot be read back', async () => {
  const store = memoryStore();
  const archive = openArchive(store, { clock });
  await fill(archive, 1);
  const part = [...store.objects].find(([key]) => key.includes('/report-'));
  const folder2 = part![0].replace('00000001', '00000002');
  const damaged = Uint8Array.from(part![1], (byte, index) => (index === 20 ? byte ^ 1 : byte));
  store.objects.set(folder2, damaged);

  const again = draft(2, 'user,arn\nreport,1\n');
  await expect(archive.append(SOURCE, again, await archive.head(SOURCE))).rejects.toMatchObject({
    kind: 'malformed',
    message: expect.stringContaining(folder2),
  });
  expect(store.objects.has(`sources/${SOURCE}/00000002/manifest.json`)).toBe(false);
});

test('nothing is chained to a head that is no longer there', async () => {
  const store = memoryStore();
  const archive = openArchive(store, { clock });
  const [, second] = await fill(archive, 2);
  store.objects.delete(`sources/${SOURCE}/00000002/manifest.json`);

  await expect(archive.append(SOURCE, draft(3), second)).rejects.toMatchObject({ kind: 'misconfigured' });
});

test.each([
  [
    'a flipped byte',
    (bytes: Uint8Array) => bytes.map((byte, index) => (index === bytes.length - 12 ? byte ^ 4 : byte)),
  ],
  ['a changed header', (bytes: Uint8Array) => bytes.map((byte, index) => (index === 5 ? 1 : byte))],
  ['bytes behind the end', (bytes: Uint8Array) => Buffer.concat([bytes, Buffer.from('more')])],
  ['a cut end', (bytes: Uint8Array) => bytes.subarray(0, bytes.length - 3)],
  ['nothing at all', () => new Uint8Array()],
])('a part with %s is damaged, and named', async (_what, tamper) => {
  const store = memoryStore();
  const archive = openArchive(store, { clock });
  const [entry] = await fill(archive, 1);
  const [key, bytes] = [...store.objects].find(([key]) => key.includes('/report-'))!;
  store.objects.set(key, tamper(bytes));

  await expect(archive.parts(entry!)).rejects.toMatchObject({
    kind: 'malformed',
    message: expect.stringContaining(key),
  });
});

test('a retried append of the same bytes is no race', async () => {
  const store = memoryStore();
  await fill(openArchive(store, { clock }), 1);
  const manifest = store.objects.get(`sources/${SOURCE}/00000001/manifest.json`)!;
  store.objects.delete(`sources/${SOURCE}/00000001/manifest.json`);
  const archive = openArchive({ ...store, create: createAfter(store, manifest) }, { clock });

  expect(await archive.append(SOURCE, draft(1), undefined)).toMatchObject({ kind: 'appended', entry: { number: 1 } });
});

/** Somebody else writes the very same manifest just before us. */
function createAfter(store: ReturnType<typeof memoryStore>, manifest: Uint8Array) {
  return (key: string, bytes: Uint8Array) => {
    if (key.endsWith('manifest.json')) store.objects.set(key, manifest);
    return store.create(key, bytes);
  };
}
