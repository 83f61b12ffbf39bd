import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { readdir, readFile, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../kit/folder.ts';
import { until } from '../kit/until.ts';

const WRITER = join(import.meta.dirname, '../kit/file-writer.ts');

interface Printed {
  readonly delivered: readonly string[];
  readonly failure?: { readonly kind?: string; readonly message: string };
}

async function folder(): Promise<string> {
  const { path, remove } = await temporaryFolder();
  onTestFinished(remove);
  return path;
}

function startWriter(args: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProcess {
  const child = spawn(process.execPath, ['--import', 'tsx', WRITER, ...args], {
    env: { ...process.env, NODE_ENV: 'test', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

async function ended(child: ChildProcess): Promise<Printed> {
  return JSON.parse(await text(child.stdout!)) as Printed;
}

/** Every line of every file, each a whole event; fails on a torn one. */
async function idsIn(path: string): Promise<readonly string[]> {
  const names = (await readdir(path)).filter((name) => name.endsWith('.ndjson'));
  const texts = await Promise.all(names.map((name) => readFile(join(path, name), 'utf8')));
  const lines = texts.flatMap((content) => content.split('\n').filter((line) => line !== ''));
  return lines.map((line) => (JSON.parse(line) as { id: string }).id);
}

test('three processes write one file: every line whole, nothing lost, nothing twice, no lock left', async () => {
  const home = await folder();
  const path = join(home, 'events.ndjson');

  const printed = await Promise.all(['a', 'b', 'c'].map((prefix) => ended(startWriter([path, prefix, '20', '32KiB']))));

  const delivered = printed.flatMap((one) => one.delivered);
  expect(printed.map((one) => one.failure)).toEqual([undefined, undefined, undefined]);
  expect(delivered).toHaveLength(600);
  expect([...(await idsIn(home))].sort()).toEqual([...delivered].sort());
  const names = await readdir(home);
  expect(names.filter((name) => !name.endsWith('.ndjson'))).toEqual([]);
  expect(names.length).toBeGreaterThan(3);
});

test.each(['sink.file.appended@2', 'sink.file.synced@2', 'sink.file.rotated@1'])(
  'a worker killed at %s leaves a stale lock, which one of two others takes over, and a file to go on with',
  async (place) => {
    const home = await folder();
    const path = join(home, 'events.ndjson');
    const killed = startWriter([path, 'a', '5', '5KiB'], { MUSTER_FAILPOINTS: `${place}=kill` });
    await until('the worker is killed', () => killed.signalCode === 'SIGKILL');
    const aMinuteAgo = Date.now() / 1_000 - 60;
    await utimes(`${path}.lock`, aMinuteAgo, aMinuteAgo);

    const printed = await Promise.all(['a', 'b'].map((prefix) => ended(startWriter([path, prefix, '5', '5KiB']))));

    const delivered = printed.flatMap((one) => one.delivered);
    const ids = await idsIn(home);
    expect(delivered).toHaveLength(100);
    expect(new Set(ids)).toEqual(new Set(delivered));
    expect(ids.filter((id) => id.startsWith('b'))).toHaveLength(50); // only what the killed one sent may be there twice
    expect((await readdir(home)).filter((name) => name.includes('.lock'))).toEqual([]);
  },
);

const canMount = spawnSync('unshare', ['-rm', 'sh', '-c', 'mount -t tmpfs -o size=64k t /mnt']).status === 0;

test.skipIf(!canMount)('a full disk is unreachable, and leaves no torn line', async () => {
  const home = await folder();
  const script = [
    `mount -t tmpfs -o size=64k tmpfs '${home}'`,
    `'${process.execPath}' --import tsx '${WRITER}' '${home}/events.ndjson' a 100`,
    `cat '${home}/events.ndjson'`,
    `ls '${home}'`,
  ].join(' && ');

  const output = await new Promise<string>((resolve, reject) => {
    execFile('unshare', ['-rm', 'sh', '-c', script], (failure, stdout) => {
      if (failure === null) resolve(stdout);
      else reject(failure);
    });
  });

  const lines = output.trimEnd().split('\n');
  const printed = JSON.parse(lines[0]!) as Printed;
  const ids = lines.slice(1, -1).map((line) => (JSON.parse(line) as { id: string }).id);
  expect(printed.failure).toMatchObject({ kind: 'unreachable', message: expect.stringContaining('ENOSPC') as string });
  expect(ids).toEqual(printed.delivered);
  expect(lines.at(-1)).toBe('events.ndjson');
});
