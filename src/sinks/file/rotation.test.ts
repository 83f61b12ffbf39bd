import { link, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fileBench } from '../../../test/kit/file-bench.ts';
import { encoded } from '../../../test/kit/sink-compliance.ts';

test('a new UTC day begins a new file, named after the day that it held', async () => {
  const { clock, send, names, lines } = await fileBench({}, true);
  await send(encoded('a'));
  clock.move(16 * 3_600_000);

  await send(encoded('b'));
  await send(encoded('c'));

  expect(await names()).toEqual(['events-2026-11-20-001.ndjson', 'events.ndjson']);
  expect(await lines()).toEqual(encoded('a', 'b', 'c').map((event) => event.text));
});

test('two workers agree on the day, also when their clock is not the machine’s', async () => {
  const { clock, send, names } = await fileBench();
  clock.move(400 * 86_400_000);

  for (const id of ['a', 'b', 'c']) await send(encoded(id));

  expect(await names()).toEqual(['events.ndjson']);
});

test('a batch that would take the file past its size begins a new one, and nothing is replaced', async () => {
  const { folder, send, names, lines } = await fileBench({ rotate_bytes: 60 });
  await writeFile(join(folder, 'events-2026-11-20-002.ndjson'), 'precious\n');

  for (const id of ['a', 'b', 'c', 'd', 'e']) await send(encoded(id));

  expect(await names()).toEqual([
    'events-2026-11-20-001.ndjson',
    'events-2026-11-20-002.ndjson',
    'events-2026-11-20-003.ndjson',
    'events.ndjson',
  ]);
  expect(await readFile(join(folder, 'events-2026-11-20-002.ndjson'), 'utf8')).toBe('precious\n');
  expect((await lines()).filter((line) => line.startsWith('{'))).toEqual(
    encoded('a', 'b', 'c', 'd', 'e').map((event) => event.text),
  );
});

test('rotation by day can be switched off', async () => {
  const { clock, send, names } = await fileBench({ rotate_daily: false });
  await send(encoded('a'));
  clock.move(48 * 3_600_000);

  await send(encoded('b'));

  expect(await names()).toEqual(['events.ndjson']);
});

test('a crash in the middle of a rotation is finished at the next opening', async () => {
  const { folder, path, send, names, lines } = await fileBench();
  await send(encoded('a'));
  await link(path, join(folder, 'events-2026-11-20-001.ndjson'));

  await send(encoded('b'));

  expect(await names()).toEqual(['events-2026-11-20-001.ndjson', 'events.ndjson']);
  expect(await readFile(path, 'utf8')).toBe(`${encoded('b')[0]!.text}\n`);
  expect(await lines()).toEqual(encoded('a', 'b').map((event) => event.text));
});

test('a second name that is not ours does not matter', async () => {
  const { folder, path, send, lines } = await fileBench();
  await send(encoded('a'));
  await mkdir(join(folder, 'backup'));
  await link(path, join(folder, 'backup', 'copy'));

  await send(encoded('b'));

  expect(await readFile(path, 'utf8')).toBe(
    encoded('a', 'b')
      .map((event) => `${event.text}\n`)
      .join(''),
  );
  expect(await lines()).toHaveLength(2);
});

test('a file that was moved away under the writer is not written any more', async () => {
  const { folder, path, send, lines } = await fileBench({}, true);
  await send(encoded('a'));
  await rename(path, join(folder, 'away.old'));

  await send(encoded('b'));

  expect(await readFile(path, 'utf8')).toBe(`${encoded('b')[0]!.text}\n`);
  expect(await lines()).toEqual([encoded('b')[0]!.text]);
});
