import { mkdir, readdir, readFile, rename, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../../test/kit/folder.ts';
import { HOUR, type TestStage, testStage } from '../../../test/kit/stage.ts';
import type { JobState } from '../../archive/port.ts';
import type { Account } from '../../domain/account.ts';
import { sourceName } from '../../domain/names.ts';
import { plan } from '../../pipeline/plan.ts';
import type { Stage } from '../../pipeline/stage.ts';
import { sourceState } from '../../pipeline/state.ts';
import { dropFolders, RESTS_MS } from './drop-folders.ts';

const FIXTURES = join(import.meta.dirname, '../../providers/tencent/fixtures');
const KIND = 'credential-report-import';
const SOURCE = sourceName({ provider: 'tencent', accountId: '100000000001', kind: KIND });
const WRITTEN = new Date(Date.UTC(2026, 10, 19, 8));

let folder: string;
let csv: string;
let given: TestStage;
let stage: Stage;

beforeEach(async () => {
  const made = await temporaryFolder();
  onTestFinished(made.remove);
  folder = made.path;
  csv = await readFile(join(FIXTURES, 'mainland.csv'), 'utf8');
  given = testStage();
  stage = { ...given.stage, accounts: [account()] };
});

test('a file that rests is imported as a report of the time at which it was written, and put away', async () => {
  await drop('users.csv');

  const dropped = await lookTwice();

  expect(dropped).toMatchObject([{ file: 'users.csv', failed: false, text: expect.stringContaining('report 1') }]);
  const head = await stage.archive.head(SOURCE);
  expect(head).toMatchObject({ number: 1, generatedAt: WRITTEN.getTime(), manifest: { origin: 'imported' } });
  expect(await below('done')).toEqual([expect.stringMatching(/^[0-9a-f]{12}-users\.csv$/)]);
  expect(await visible()).toEqual(['done']);
  expect(given.queued.map(({ job }) => job)).toMatchObject([{ name: 'deliver', source: SOURCE, upTo: 1 }]);
});

test('who says in the name when the cloud made it is believed', async () => {
  await drop('report 2026-11-18T04-30-00Z, from the console.csv');
  await lookTwice();
  expect((await stage.archive.head(SOURCE))?.generatedAt).toBe(Date.UTC(2026, 10, 18, 4, 30));
});

test('the same file twice is one report, whatever its name and time', async () => {
  await drop('users.csv');
  await lookTwice();
  await drop('users again.csv', csv, new Date(WRITTEN.getTime() + HOUR));

  expect(await lookTwice()).toMatchObject([{ failed: false, text: 'it was brought before, as report 1' }]);
  expect((await stage.archive.head(SOURCE))?.number).toBe(1);
  expect(await below('done')).toHaveLength(2);
});

test('a wrong file is refused with the reason beside it, health says so, and a whole one mends that', async () => {
  await drop('wrong.csv', 'user,arn\nroot,x\n');

  expect(await lookTwice()).toMatchObject([
    { failed: true, text: expect.stringContaining('not a user credential report') },
  ]);
  const [name, reason] = await below('refused');
  expect(name).toMatch(/-wrong\.csv$/);
  expect(reason).toBe(`${name}.txt`);
  expect(await readFile(join(folder, 'refused', reason!), 'utf8')).toMatch(
    /^"wrong\.csv" was refused: this is not a user/,
  );
  expect(await stage.archive.head(SOURCE)).toBeUndefined();
  expect(await stage.archive.quarantined(SOURCE)).toEqual([]);
  expect(await state()).toMatchObject({ state: 'failing', fault: 'malformed' });

  await drop('users.csv');
  await lookTwice();
  expect(await state()).toMatchObject({ state: 'ok' });
});

test.each(['a, b.csv', ' .csv', 'two\nlines.csv', '"quoted".CSV', 'ünïcode\u202e.csv', `${'x'.repeat(250)}.csv`])(
  'a file named %j is imported',
  async (name) => {
    await drop(name);

    expect(await lookTwice()).toMatchObject([{ file: name, failed: false }]);
    expect(await below('done')).toHaveLength(1);
  },
);

test('what is not complete, not visible or no file is left alone', async () => {
  for (const name of ['.hidden.csv', 'users.csv.part', 'users.csv.crdownload', 'users.tmp', 'users.csv~'])
    await drop(name);
  await mkdir(join(folder, 'folder.csv'));
  await symlink('/etc/hostname', join(folder, 'link.csv'));
  const before = await visible();

  expect(await lookTwice()).toEqual([]);
  expect(await visible()).toEqual(before);
});

test('a file that is still written to waits until it rests; one that is renamed in is a new one', async () => {
  const look = looker();
  await drop('users.csv', csv.slice(0, 500));
  await look();
  given.clock.move(RESTS_MS);
  await drop('users.csv', csv.slice(0, 900));
  expect(await look()).toEqual([]);
  given.clock.move(RESTS_MS - 1);
  expect(await look()).toEqual([]);
  await drop('.whole.csv');
  await rename(join(folder, '.whole.csv'), join(folder, 'users.csv'));
  given.clock.move(RESTS_MS);
  expect(await look()).toEqual([]);
  given.clock.move(RESTS_MS);

  expect(await look()).toMatchObject([{ failed: false }]);
});

test('a file that gets the name of one that is being imported is another file', async () => {
  await drop('users.csv');
  const { archive } = stage;
  stage = {
    ...stage,
    archive: {
      ...archive,
      append: async (...args) => {
        await drop('users.csv', csv.replace('TRUE', 'FALSE'), new Date(WRITTEN.getTime() + HOUR));
        return archive.append(...args);
      },
    },
  };

  await lookTwice();
  expect((await archive.head(SOURCE))?.number).toBe(1);
  expect(await readFile(join(folder, 'users.csv'), 'utf8')).toBe(csv.replace('TRUE', 'FALSE'));
  stage = { ...stage, archive };
  await lookTwice();
  expect((await archive.head(SOURCE))?.number).toBe(2);
});

test('a crash between import and putting away loses nothing and doubles nothing', async () => {
  await drop('users.csv');
  const { archive } = stage;
  const crash = {
    ...archive,
    append: async (...args: Parameters<typeof archive.append>) => (
      await archive.append(...args), Promise.reject(new Error('the process died'))
    ),
  };
  const dying = { ...stage, archive: crash };
  const folders = dropFolders(dying);
  await folders.look();
  given.clock.move(RESTS_MS);
  await expect(folders.look()).rejects.toThrow('the process died');
  expect((await archive.head(SOURCE))?.number).toBe(1);
  expect(await visible()).toEqual([]);

  const again = await lookTwice(); // another process

  expect(again).toMatchObject([{ file: 'users.csv', failed: false }]);
  expect((await archive.head(SOURCE))?.number).toBe(1);
  expect(await below('done')).toHaveLength(1);
});

test('a report that collapsed is in quarantine, and the file is refused with what to do', async () => {
  const [header, ...rows] = csv.trimEnd().split('\n');
  const many = Array.from({ length: 60 }, (_, index) => rows[0]!.replace(/^\d+/, String(200_000_000_000 + index)));
  await drop('many.csv', [header, ...many, ''].join('\n'));
  await lookTwice();
  await drop('few.csv', [header, many[0], ''].join('\n'), new Date(WRITTEN.getTime() + HOUR));

  expect(await lookTwice()).toMatchObject([{ failed: true, text: expect.stringMatching(/collapsed.*reports accept/) }]);
});

test('a folder that is missing, or that two accounts name, is said once, and nothing in it is imported', async () => {
  await drop('users.csv');
  stage = { ...stage, accounts: [account(), { ...account(), id: '100000000002', name: 'other' }] };
  expect(await lookTwice()).toEqual([]);
  stage = {
    ...stage,
    accounts: [{ ...account(), reports: { [KIND]: { everyMs: HOUR, dropFolder: join(folder, 'none') } } }],
  };
  expect(await lookTwice()).toEqual([]);

  const warnings = given.happenings.flatMap((one) => (one.kind === 'warning' ? [one.message] : []));
  expect(warnings).toEqual([
    expect.stringContaining('named by several accounts'),
    expect.stringMatching(/account shop .*none cannot be worked on \(ENOENT\)/),
  ]);
});

test('nobody asks a cloud for what a person brings, and it is late when nobody brings it any more', async () => {
  await drop('users.csv');
  const calm = new AbortController().signal;
  await plan(stage, calm);
  expect(given.queued.filter(({ job }) => job.name === 'collect')).toEqual([]);
  await lookTwice();
  given.clock.move(60 * 24 * HOUR);

  await plan(stage, calm);
  expect(given.queued.filter(({ job }) => job.name === 'collect')).toEqual([]);
  const health = await stage.archive.head(sourceName({ provider: 'muster', accountId: 'default', kind: 'health' }));
  const part = (await stage.archive.parts(health!)).get('health.json');
  expect(JSON.parse(new TextDecoder().decode(part)).sources[SOURCE]).toMatchObject({ state: 'late' });
});

function account(): Account {
  const settings = { everyMs: 30 * 24 * HOUR, dropFolder: folder };
  return {
    provider: 'tencent',
    id: '100000000001',
    name: 'shop',
    labels: {},
    reports: { [KIND]: settings },
    settings: undefined,
  };
}

async function drop(name: string, text = csv, writtenAt = WRITTEN): Promise<void> {
  await writeFile(join(folder, name), text);
  await utimes(join(folder, name), writtenAt, writtenAt);
}

function looker() {
  const folders = dropFolders(stage);
  return async () => (await folders.look()).dropped;
}
/** By a new process, the second time after all have rested. */
async function lookTwice() {
  const look = looker();
  const first = await look();
  given.clock.move(RESTS_MS);
  return [...first, ...(await look())];
}

async function state(): Promise<JobState | undefined> {
  return (await stage.archive.series<JobState>(sourceState(SOURCE)).latest())?.value;
}

async function below(name: string): Promise<readonly string[]> {
  return (await readdir(join(folder, name)).catch((): string[] => [])).toSorted();
}

async function visible(): Promise<readonly string[]> {
  return (await readdir(folder)).filter((name) => name !== '.taken').toSorted();
}
