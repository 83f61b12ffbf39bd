import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { memoryStore } from '../../test/kit/memory-store.ts';
import { storeContract } from '../../test/kit/store-contract.ts';
import { Fault } from '../domain/fault.ts';
import { fileFault } from './file-fault.ts';
import { openFileStore } from './file-store.ts';

let folder = '';
let made = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-store-'));
});
afterAll(() => rm(folder, { recursive: true }));

function fresh(): string {
  made += 1;
  return join(folder, `${made}`, 'archive');
}

describe('a folder', () => {
  storeContract(async () => {
    const root = fresh();
    return { store: await openFileStore(root), again: () => openFileStore(root) };
  });

  test('files are 0600 and folders 0700, and no temporary file stays', async () => {
    const root = fresh();
    const store = await openFileStore(root);
    await store.create('a/b/c.json', Buffer.from('x'));
    await store.create('a/b/c.json', Buffer.from('y'));

    for (const path of ['.', 'a', 'a/b']) expect((await stat(join(root, path))).mode & 0o777, path).toBe(0o700);
    expect((await stat(join(root, 'a/b/c.json'))).mode & 0o777).toBe(0o600);
    expect(await readdir(join(root, 'a/b'))).toEqual(['c.json']);
    expect((await stat(join(root, 'a/b/c.json'))).nlink).toBe(1);
  });

  test('what a crash left behind is not listed and not in the way', async () => {
    const root = fresh();
    const store = await openFileStore(root);
    await mkdir(join(root, 'a'));
    await writeFile(join(root, 'a', '.tmp-1-dead'), 'half');

    expect(await store.create('a/b', Buffer.from('whole'))).toBe('created');

    const keys: string[] = [];
    for await (const key of store.list('')) keys.push(key);
    expect(keys).toEqual(['a/b']);
  });

  test('what a crash left in a report and is older than an hour goes with the report after it', async () => {
    const root = fresh();
    const report = (number: number) => join(root, 'sources/aws/1/x', `0000000${number}`);
    for (const number of [1, 2, 3]) {
      await mkdir(report(number), { recursive: true });
      await writeFile(join(report(number), '.tmp-1-old'), 'half');
      await utimes(join(report(number), '.tmp-1-old'), 0, (await stat(root)).mtimeMs / 1000 - 3_700);
      await writeFile(join(report(number), '.tmp-1-young'), 'half');
    }

    await (await openFileStore(root)).create('sources/aws/1/x/00000003/a', Buffer.from('x'));

    expect(await readdir(report(1))).toEqual(['.tmp-1-old', '.tmp-1-young']);
    expect(await readdir(report(2))).toEqual(['.tmp-1-young']);
    expect((await readdir(report(3))).sort()).toEqual(['.tmp-1-young', 'a']);
  });

  test('something in the way of a folder is a fault that names the archive', async () => {
    const root = fresh();
    const store = await openFileStore(root);
    await writeFile(join(root, 'a'), 'a file');

    const fault = await store.create('a/b', Buffer.from('x')).catch((error: unknown) => error);

    expect(fault).toBeInstanceOf(Fault);
    expect(fault).toMatchObject({ kind: 'misconfigured', message: expect.stringContaining(root) });
    expect(await readFile(join(root, 'a'), 'utf8')).toBe('a file');
  });
});

test('a disk that takes no more bytes is a fault, and nothing half-written stays', async () => {
  const root = fresh();
  const script = `
    import { openFileStore } from ${JSON.stringify(new URL('file-store.ts', import.meta.url).href)};
    const store = await openFileStore(${JSON.stringify(root)});
    await store.create('a/small', Buffer.alloc(1_000));
    const fault = await store.create('a/big', Buffer.alloc(1_000_000)).catch((error) => error);
    console.log(JSON.stringify({ kind: fault.kind, message: fault.message }));`;
  const limited = 'ulimit -f 64; exec "$0" "$@"';
  const args = ['-c', limited, process.execPath, '--import', 'tsx', '--input-type=module', '-e', script];

  const { stdout } = await promisify(execFile)('sh', args, { env: { ...process.env, TSX_DISABLE_CACHE: '1' } });

  expect(JSON.parse(stdout)).toEqual({
    kind: 'unreachable',
    message: expect.stringMatching(/archive .*a\/big.*EFBIG/),
  });
  expect(await readdir(join(root, 'a'))).toEqual(['small']);
});

describe('the memory store of the tests', () => {
  storeContract(async () => {
    const store = memoryStore();
    return { store, again: async () => store };
  });
});

test.each([
  ['ENOSPC', 'unreachable'],
  ['EIO', 'unreachable'],
  ['EFBIG', 'unreachable'],
  ['EROFS', 'unreachable'],
  ['EACCES', 'denied'],
  ['ENOTSUP', 'misconfigured'],
])('%s is %s, with the archive and the cause', (code, kind) => {
  const cause = Object.assign(new Error('no'), { code });

  const fault = fileFault('/archive', 'writing a/b', cause);

  expect(fault).toMatchObject({
    kind,
    cause,
    message: expect.stringMatching(`archive /archive: writing a/b: .*${code}`),
  });
});
