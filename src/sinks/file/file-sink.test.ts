import { appendFile, mkdir, readdir, readlink, rename, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fileBench, linesIn } from '../../../test/kit/file-bench.ts';
import { temporaryFolder } from '../../../test/kit/folder.ts';
import { encoded, patient, type SinkUnderTest, sinkCompliance, sinkTools } from '../../../test/kit/sink-compliance.ts';
import { fileSink } from './file-sink.ts';
import { FileSettings } from './settings.ts';

async function open(): Promise<SinkUnderTest> {
  const folder = await temporaryFolder();
  const home = join(folder.path, 'out');
  await mkdir(home);
  const path = join(home, 'events.ndjson');
  const sink = fileSink(FileSettings.parse({ path }), sinkTools());
  let where = home;
  return {
    sink,
    received: () => linesIn(where),
    refuse: async () => {
      where = join(folder.path, 'moved');
      await rename(home, where);
    },
    hang: async () => {
      await writeFile(`${path}.lock`, 'somebody else');
      return () => true; // whenever it comes, the lock is there
    },
    secrets: [],
    leftovers: async () => [
      ...(await openFilesIn(folder.path)),
      ...(await readdir(where)).filter((name) => name.includes('.lock')),
    ],
    close: folder.remove,
  };
}

sinkCompliance('file', open);

test('the file is for its owner only, unless the config says otherwise', async () => {
  const own = await fileBench();
  const shared = await fileBench({ mode: '0640' });

  await own.send(encoded('a'));
  await shared.send(encoded('a'));

  expect((await stat(own.path)).mode & 0o777).toBe(0o600);
  expect((await stat(shared.path)).mode & 0o777).toBe(0o640);
});

test.each<[string, string, readonly string[], number]>([
  ['a torn last line is cut off', '{"id":"a"}\n{"id":"b","na', ['{"id":"a"}'], 13],
  ['a file that is one torn line becomes empty', '{"id":', [], 6],
  ['a whole last line gets its newline', '{"id":"a"}\n{"id":"b"}', ['{"id":"a"}', '{"id":"b"}'], 0],
  ['zeros after a power cut are cut off', '{"id":"a"}\n\0\0\0\0', ['{"id":"a"}'], 4],
  ['a long torn line is cut off whole', `{"id":"a"}\n{"x":"${'y'.repeat(200_000)}`, ['{"id":"a"}'], 200_006],
])('%s', async (_title, before, kept, cutBytes) => {
  const { path, send, lines, happenings } = await fileBench();
  await writeFile(path, before);

  await send(encoded('c'));

  expect(await lines()).toEqual([...kept, encoded('c')[0]!.text]);
  const warnings = happenings.map((happening) => JSON.stringify(happening));
  expect(warnings).toEqual(cutBytes === 0 ? [] : [expect.stringContaining(`cut ${cutBytes} bytes`)]);
});

test('a line that another worker left torn is mended by one that had the file open', async () => {
  const { path, send, lines } = await fileBench({}, true);
  await send(encoded('a'));
  await appendFile(path, '{"id":"tor');

  await send(encoded('b'));

  expect(await lines()).toEqual(encoded('a', 'b').map((event) => event.text));
});

test('a file that is full of something else is left alone', async () => {
  const { path, send } = await fileBench();
  await writeFile(path, Buffer.alloc(17 * 1_048_576, 'x'));

  await expect(send(encoded('a'))).rejects.toMatchObject({ kind: 'misconfigured' });

  expect((await stat(path)).size).toBe(17 * 1_048_576);
});

test('a folder, a link, a device and a missing folder are refused by name', async () => {
  const { folder, send, path } = await fileBench();
  await symlink('/dev/null', path);
  const sinkTo = (target: string) =>
    fileSink(FileSettings.parse({ path: target }), sinkTools()).send(encoded('a'), patient());

  await expect(send(encoded('a'))).rejects.toMatchObject({
    kind: 'misconfigured',
    message: expect.stringContaining(path) as string,
  });
  await expect(sinkTo(folder)).rejects.toMatchObject({ kind: 'misconfigured' });
  await expect(sinkTo(join(folder, 'none', 'x'))).rejects.toMatchObject({ kind: 'misconfigured' });
});

async function openFilesIn(folder: string): Promise<string[]> {
  const open = await Promise.all(
    (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')),
  );
  return open.filter((target) => target.startsWith(folder));
}
