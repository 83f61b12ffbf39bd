import { expect, test } from 'vitest';
import { SOURCE, START } from '../../test/kit/drafts.ts';
import { memoryStore } from '../../test/kit/memory-store.ts';
import { movableClock } from '../../test/kit/movable-clock.ts';
import { openArchive } from './archive.ts';
import { verify } from './verify.ts';

const HOUR = 3_600_000;

function archive(store = memoryStore()) {
  return openArchive(store, { clock: movableClock(START) });
}

test('a second collector adopts the attempt that is under way, with its start and its answers', async () => {
  const store = memoryStore();
  const first = await archive(store).attempt(SOURCE, 1, START);
  await first.put('users-0001', Buffer.from('{"users":[]}'));

  const second = await archive(store).attempt(SOURCE, 1, START + 20 * 60_000);

  expect(second.startedAt).toBe(START);
  expect(Buffer.from((await second.get('users-0001'))!).toString()).toBe('{"users":[]}');
  expect(await second.get('users-0002')).toBeUndefined();
});

test('the first answer stays', async () => {
  const attempt = await archive().attempt(SOURCE, 1, START);
  await attempt.put('users-0001', Buffer.from('first'));
  await attempt.put('users-0001', Buffer.from('second'));

  expect(Buffer.from((await attempt.get('users-0001'))!).toString()).toBe('first');
});

test('an attempt older than an hour is superseded, and so is that of the report before', async () => {
  const store = memoryStore();
  await archive(store).attempt(SOURCE, 1, START);

  expect((await archive(store).attempt(SOURCE, 1, START + HOUR)).startedAt).toBe(START + HOUR);
  expect((await archive(store).attempt(SOURCE, 2, START + 60_000)).startedAt).toBe(START + 60_000);
});

test('an attempt lasts as long as its kind says', async () => {
  const store = memoryStore();
  await archive(store).attempt(SOURCE, 1, START, 12 * HOUR);

  expect((await archive(store).attempt(SOURCE, 1, START + 12 * HOUR - 1, 12 * HOUR)).startedAt).toBe(START);
  expect((await archive(store).attempt(SOURCE, 1, START + 12 * HOUR, 12 * HOUR)).startedAt).toBe(START + 12 * HOUR);
});

test('what was given up is not adopted by anybody', async () => {
  const store = memoryStore();
  const attempt = await archive(store).attempt(SOURCE, 1, START);
  await attempt.giveUp();
  await attempt.giveUp();

  expect((await archive(store).attempt(SOURCE, 1, START + 60_000)).startedAt).toBe(START + 60_000);
  expect((await archive(store).attempt(SOURCE, 1, START + 120_000)).startedAt).toBe(START + 60_000);
});

test('of ten who claim at once all get the same attempt', async () => {
  const store = memoryStore();

  const attempts = await Promise.all(
    Array.from({ length: 10 }, (_, index) => archive(store).attempt(SOURCE, 1, START + index)),
  );

  expect(new Set(attempts.map(({ startedAt }) => startedAt)).size).toBe(1);
});

test('an answer that was changed is named and not used, and the next attempt begins anew', async () => {
  const store = memoryStore();
  const attempt = await archive(store).attempt(SOURCE, 1, START);
  await attempt.put('users-0001', Buffer.from('{"users":[]}'));
  const [key, bytes] = [...store.objects].find(([name]) => name.endsWith('.gz'))!;
  store.objects.set(key, bytes.subarray(0, -2));

  await expect(attempt.get('users-0001')).rejects.toMatchObject({
    kind: 'malformed',
    message: expect.stringContaining(key),
  });
  expect((await archive(store).attempt(SOURCE, 1, START + 60_000)).startedAt).toBe(START + 60_000);
});

test('attempts are no trouble for verify', async () => {
  const store = memoryStore();
  const attempt = await archive(store).attempt(SOURCE, 1, START);
  await attempt.put('users-0001', Buffer.from('{}'));

  expect((await verify(store, {})).problems).toEqual([]);
});
