import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { archiveUsers, writeDeployment } from '../../../test/kit/archived.ts';
import { cliIo } from '../../../test/kit/cli-io.ts';
import { temporaryFolder } from '../../../test/kit/folder.ts';
import { ACCOUNT, AWS_SOURCE, type TestStage, testStage } from '../../../test/kit/stage.ts';
import { deliver } from '../../pipeline/deliver.ts';
import { UsageError } from '../io.ts';
import { deadLetters } from './dead-letters.ts';
import { events } from './events.ts';
import { explain } from './explain.ts';
import { findings } from './findings.ts';
import { replay } from './replay.ts';
import { reports } from './reports.ts';
import { run } from './run.ts';
import { status } from './status.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let given: TestStage;

/** Three reports; the sink began with the second one, and got the third. */
beforeAll(async () => {
  folder = await temporaryFolder();
  given = testStage();
  await archiveUsers(given, ['alice']);
  await archiveUsers(given, ['alice', 'bob']);
  await send(2);
  await archiveUsers(given, ['alice', 'bob', 'carol']);
  await send(3);
  const yaml = `archive: ./archive\nhttp: false\naccounts: [{ provider: aws, account_id: "${ACCOUNT}", name: prod }]\nsinks: [{ name: siem, type: file, path: ./events.ndjson, rotate_daily: false }]\n`;
  await writeDeployment(given, folder.path, yaml);
});

afterAll(() => folder.remove());

async function send(upTo: number): Promise<void> {
  const job = { name: 'deliver', sink: 'siem', source: AWS_SOURCE, upTo, attempt: 0 } as const;
  await deliver(job, given.stage, new AbortController().signal);
}

interface Sent {
  readonly id: string;
  readonly type: string;
  readonly report: { readonly number: number };
}

function sentOf(number: number): readonly Sent[] {
  return (given.received as unknown as Sent[]).filter(({ report }) => report.number === number);
}

test('explain knows what a sink was told when it began, which no report means beside the one before', async () => {
  const baseline = sentOf(2).find(({ type }) => type === 'finding.baseline')!;
  const io = cliIo(folder.path, given.clock);

  expect(await explain.run([baseline.id], io)).toBe(0);

  expect(io.said.out).toContain('before: none: as the first report of a sink');
  expect(io.said.out).toContain('number 2');
});

test('explain knows every event that the sink was sent', async () => {
  for (const { id } of given.received) {
    expect(await explain.run([id], cliIo(folder.path, given.clock))).toBe(0);
  }
});

test('explain tells a change beside the report before', async () => {
  const created = sentOf(3).find(({ type }) => type === 'user.created')!;
  const io = cliIo(folder.path, given.clock);

  await explain.run([created.id], io);

  expect(io.said.out).toMatch(/^before: .* number 2,/m);
});

test('a replay sends what the sink was sent: its first report as a baseline, the next as a change', async () => {
  const io = cliIo(folder.path, given.clock);

  expect(await replay.run(['--sink', 'siem', '--since', '2026-11-20T13:00:00Z'], io)).toBe(0);

  const lines = (await readFile(join(folder.path, 'events.ndjson'), 'utf8')).trimEnd().split('\n');
  const replayed = lines.map((line) => (JSON.parse(line) as Sent).id);
  expect(replayed.toSorted()).toEqual(given.received.map(({ id }) => id).toSorted());
});

test('what may take long says on a terminal how far it is', async () => {
  for (const [command, argv] of [
    [status, []],
    [findings, []],
    [events, []],
    [reports, ['list']],
    [reports, ['verify']],
  ] as const) {
    const io = cliIo(folder.path, given.clock);
    await command.run(argv, io);
    expect(io.said.progress).not.toBe('');
  }
});

test.each([
  [findings, ['--severity', 'nonsense'], 'critical, high, medium, low, informational'],
  [findings, ['--check', 'nonsense'], 'there are '],
  [run, ['--log-level', 'silly'], 'there are debug, info, warn, error'],
] as const)('a word that there is not is wrong use, and says which there are', async (command, argv, known) => {
  const error: unknown = await command.run(argv, cliIo(folder.path, given.clock)).catch((thrown: unknown) => thrown);

  expect(error).toBeInstanceOf(UsageError);
  expect((error as Error).message).toContain(known);
});

test.each([
  [reports, ['accept', 'nothing']],
  [reports, ['reject', 'nothing']],
  [deadLetters, ['retry', '--all']],
  [deadLetters, ['drop', '--all']],
  [replay, ['--sink', 'siem', '--since', '2030-01-01']],
] as const)('%o %j proves the store before it writes', async (command, argv) => {
  const fresh = await temporaryFolder();
  const yaml = await readFile(join(folder.path, 'muster.yaml'), 'utf8');
  await writeFile(join(fresh.path, 'muster.yaml'), yaml);

  await command.run(argv, cliIo(fresh.path, given.clock)).catch((error: unknown) => {
    if (!(error instanceof UsageError)) throw error;
  });

  expect(await readFile(join(fresh.path, 'archive/probe/marker.json'), 'utf8')).toContain('probe');
  await fresh.remove();
});

test('commands that only read write nothing', async () => {
  const fresh = await temporaryFolder();
  await writeFile(join(fresh.path, 'muster.yaml'), await readFile(join(folder.path, 'muster.yaml'), 'utf8'));

  await deadLetters.run(['list'], cliIo(fresh.path, given.clock));
  await reports.run(['list'], cliIo(fresh.path, given.clock));

  await expect(readFile(join(fresh.path, 'archive/probe/marker.json'))).rejects.toThrow('ENOENT');
  await fresh.remove();
});
