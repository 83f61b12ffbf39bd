import { type FileHandle, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../../test/kit/folder.ts';
import { encoded, patient, sinkTools } from '../../../test/kit/sink-compliance.ts';
import { fileSink } from './file-sink.ts';
import { FileSettings } from './settings.ts';

type Call = (this: FileHandle, ...args: readonly unknown[]) => Promise<unknown>;

/** Replaces a method of every open file until the test ends: how a broken disk looks from here. Returns the real one. */
async function breakFiles(path: string, method: 'datasync' | 'write', broken: Call): Promise<Call> {
  const handle = await open(path, 'r');
  const prototype = Object.getPrototypeOf(handle) as Record<string, Call>;
  await handle.close();
  const real = prototype[method]!;
  prototype[method] = broken;
  onTestFinished(() => {
    prototype[method] = real;
  });
  return real;
}

async function written() {
  const folder = await temporaryFolder();
  const path = join(folder.path, 'events.ndjson');
  const sink = fileSink(FileSettings.parse({ path }), sinkTools());
  onTestFinished(async () => {
    await sink.close();
    await folder.remove();
  });
  await sink.send(encoded('a'), patient());
  return { path, sink };
}

test('a batch that the disk would not sync is not delivered, and is taken back', async () => {
  const { path, sink } = await written();
  await breakFiles(path, 'datasync', async () => {
    throw Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO' });
  });

  await expect(sink.send(encoded('b'), patient())).rejects.toMatchObject({
    kind: 'unreachable',
    message: `file ${path}: the disk reports an error: look at the disk (EIO)`,
  });

  expect(await readFile(path, 'utf8')).toBe(`${encoded('a')[0]!.text}\n`);
});

test('a write that the disk took only in part is taken back', async () => {
  const { path, sink } = await written();
  let calls = 0;
  const write = await breakFiles(path, 'write', async function partly(bytes, at) {
    if (typeof bytes === 'string') return await write.call(this, bytes, at); // the lock
    calls += 1;
    if (calls === 2) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    return await write.call(this, bytes, at, 7);
  });

  await expect(sink.send(encoded('b'), patient())).rejects.toMatchObject({ kind: 'unreachable' });

  expect(calls).toBe(2);
  expect(await readFile(path, 'utf8')).toBe(`${encoded('a')[0]!.text}\n`);
});
