import { utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../../test/kit/folder.ts';
import { inOrder } from './taking.ts';

test('files that come together are taken in the order of their times, whatever their names', async () => {
  const folder = await temporaryFolder();
  onTestFinished(folder.remove);
  const written = async (name: string, second: number) => {
    const file = join(folder.path, name);
    await writeFile(file, 'x');
    await utimes(file, second, second);
    return file;
  };
  const [late, early, said] = [await written('a', 30), await written('b', 10), await written('said 20', 40)];

  const timeOf = (name: string, writtenAt: number) => (name === 'said 20' ? 20_000 : writtenAt);

  expect(await inOrder(new Set([late, early, said]), timeOf)).toEqual([early, said, late]);
});
