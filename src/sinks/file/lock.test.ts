import { readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../../test/kit/folder.ts';
import { patient } from '../../../test/kit/sink-compliance.ts';
import { lockBeside } from './lock.ts';

async function place(): Promise<{ folder: string; path: string; lock: string }> {
  const { path: folder, remove } = await temporaryFolder();
  onTestFinished(remove);
  return { folder, path: join(folder, 'events'), lock: join(folder, 'events.lock') };
}

async function age(file: string, seconds: number): Promise<void> {
  const then = Date.now() / 1_000 - seconds;
  await utimes(file, then, then);
}

test('one owner at a time; the next gets it as soon as it is released', async () => {
  const { folder, path } = await place();
  const first = await lockBeside(path, patient());
  let isSecondIn = false;
  const second = lockBeside(path, patient()).then((lock) => {
    isSecondIn = true;
    return lock;
  });

  expect(await first.isMine()).toBe(true);
  expect(isSecondIn).toBe(false);
  await first.release();

  const lock = await second;
  expect(await lock.isMine()).toBe(true);
  await lock.release();
  expect(await readdir(folder)).toEqual([]);
});

test('a living owner is waited for, but not for ever', async () => {
  const { path, lock } = await place();
  await writeFile(lock, 'a living worker');
  await age(lock, 25);

  await expect(lockBeside(path, patient())).rejects.toMatchObject({
    kind: 'throttled',
    retryAfterMs: 1_000,
    message: expect.stringContaining('is being written by another worker') as string,
  });

  expect(await readFile(lock, 'utf8')).toBe('a living worker');
});

test('a lock that was not refreshed for half a minute is taken over, by exactly one', async () => {
  const { folder, path, lock } = await place();
  await writeFile(lock, 'a dead worker');
  await age(lock, 31);
  let holders = 0;
  let most = 0;

  const takeTurn = async () => {
    const taken = await lockBeside(path, patient());
    holders += 1;
    most = Math.max(most, holders);
    await stat(lock);
    expect(await taken.isMine()).toBe(true);
    holders -= 1;
    await taken.release();
  };
  await Promise.all(Array.from({ length: 20 }, takeTurn));

  expect(most).toBe(1);
  expect(await readdir(folder)).toEqual([]);
});

test('an empty lock, whose maker died at once, goes stale like any other', async () => {
  const { path, lock } = await place();
  await writeFile(lock, '');
  await age(lock, 31);

  const taken = await lockBeside(path, patient());

  expect(await taken.isMine()).toBe(true);
  await taken.release();
});

test('a takeover that was killed half-way does not block the next', async () => {
  const { folder, path, lock } = await place();
  await writeFile(lock, 'a dead worker');
  await writeFile(`${lock}.takeover`, '');
  await age(lock, 70);
  await age(`${lock}.takeover`, 40);

  await (await lockBeside(path, patient())).release();

  expect(await readdir(folder)).toEqual([]);
});

test('an owner whose lock was taken over knows it, and leaves the new one alone', async () => {
  const { path, lock } = await place();
  const slept = await lockBeside(path, patient());
  await age(lock, 31);
  const next = await lockBeside(path, patient());

  expect(await slept.isMine()).toBe(false);
  await slept.release();

  expect(await next.isMine()).toBe(true);
  await next.release();
});
