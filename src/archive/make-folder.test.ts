import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../test/kit/folder.ts';
import { makeFolder } from './make-folder.ts';

test('what is missing on the way is made too, with its mode, and the first of it is told', async () => {
  const path = await folder();

  expect(await makeFolder(join(path, 'a', 'b', 'c'), 0o700)).toBe(join(path, 'a'));
  expect(await makeFolder(join(path, 'a', 'b', 'c'), 0o700)).toBeUndefined();
  expect((await stat(join(path, 'a', 'b', 'c'))).mode & 0o777).toBe(0o700);
});

test('several who make the same one at once all succeed', async () => {
  const path = await folder();

  for (let round = 0; round < 50; round += 1) {
    const top = join(path, String(round));
    const below = Array.from({ length: 8 }, (_, index) => join(top, 'a', 'b', String(index % 3)));

    const made = await Promise.all(below.map((one) => makeFolder(one)));

    expect(made).toContain(top);
  }
});

test('a file in its place, or on the way, is an error', async () => {
  const path = await folder();
  await writeFile(join(path, 'file'), '');

  await expect(makeFolder(join(path, 'file'))).rejects.toThrow('EEXIST');
  await expect(makeFolder(join(path, 'file', 'a', 'b'))).rejects.toThrow('ENOTDIR');
});

test.runIf(process.platform === 'linux')('a folder that takes no new ones is an error at once', async () => {
  await expect(makeFolder('/proc/muster/a')).rejects.toThrow('ENOENT');
});

async function folder(): Promise<string> {
  const { path, remove } = await temporaryFolder();
  onTestFinished(remove);
  return path;
}
