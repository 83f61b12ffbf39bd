import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { archiveUsers, writeDeployment } from '../../../test/kit/archived.ts';
import { cliIo } from '../../../test/kit/cli-io.ts';
import { temporaryFolder } from '../../../test/kit/folder.ts';
import { ACCOUNT, testStage } from '../../../test/kit/stage.ts';
import { UsageError } from '../io.ts';
import { estimate } from './estimate.ts';
import { events } from './events.ts';

const given = testStage();
let folder: Awaited<ReturnType<typeof temporaryFolder>>;

const SINKS = `sinks:
  - { name: daily, type: stdout }
  - { name: every, type: stdout, inventory: every, events: [inventory, summary] }
  - { name: rows, type: stdout, format: plain-rows, inventory: every, events: [inventory] }
  - { name: changes, type: stdout, format: ocsf, events: [change, finding] }
  - { name: quiet, type: stdout, format: ocsf, events: [change, finding], findings: changed }
`;

/** Alice and bob, and then nothing new for a while. */
beforeAll(async () => {
  folder = await temporaryFolder();
  for (let report = 0; report < 4; report++) await archiveUsers(given, ['alice', 'bob']);
  const account = `{ provider: aws, account_id: "${ACCOUNT}", name: prod }`;
  await writeDeployment(given, folder.path, `archive: ./archive\naccounts: [${account}]\n${SINKS}`);
});

afterAll(() => folder.remove());

interface Told {
  readonly from: string;
  readonly sinks: readonly {
    readonly sink: string;
    readonly format: string;
    readonly findings: string;
    readonly per_day: { readonly events: number; readonly bytes: number };
    readonly per_day_by_kind: Readonly<Record<string, { readonly events: number }>>;
    readonly first: { readonly events: number; readonly bytes: number };
  }[];
}

async function estimated(cwd: string, ...argv: readonly string[]): Promise<Told> {
  const io = cliIo(cwd, given.clock);
  expect(await estimate.run([...argv, '--json'], io)).toBe(0);
  return JSON.parse(io.said.out) as Told;
}

test('a day is six reports of four hours, one of which is the first of its day', async () => {
  const { sinks, from } = await estimated(folder.path);
  const perDay = Object.fromEntries(sinks.map(({ sink, per_day }) => [sink, per_day.events]));

  expect(from).toBe('the newest 7 days of 1 sources');
  expect(sinks.find(({ sink }) => sink === 'daily')?.per_day_by_kind).toMatchObject({
    inventory: { events: 3 },
    summary: { events: 6 },
  });
  expect(perDay).toMatchObject({ every: 6 * 3 + 6, rows: 6 * (3 + 2) });
});

test('the first report is counted as the baseline that it is, to the byte', async () => {
  const { sinks } = await estimated(folder.path);
  const io = cliIo(folder.path, given.clock);
  await events.run(['--until', '2026-11-20T12:00:00Z', '--kind', 'inventory', '--kind', 'summary'], io);

  const first = sinks.find(({ sink }) => sink === 'every')?.first;

  // the number of the report has one digit in both
  expect(first?.events).toBe(io.said.out.trimEnd().split('\n').length);
  expect(Math.abs((first?.bytes ?? 0) - Buffer.byteLength(io.said.out))).toBeLessThan(20);
});

test('a made-up population goes through the same sinks; a large one is measured in part', async () => {
  const { sinks, from } = await estimated(folder.path, '--accounts', '40', '--identities', '3000');
  const every = sinks.find(({ sink }) => sink === 'every')?.per_day.events ?? 0;

  expect(from).toBe('40 made-up AWS accounts with 3000 users each (2 of them measured)');
  expect(Math.abs(every / (40 * 6 * 3002) - 1)).toBeLessThan(0.01);
  expect(sinks.filter(({ per_day }) => per_day.bytes === 0)).toEqual([]);
}, 30_000);

test('without a config each format is estimated', async () => {
  const empty = await temporaryFolder();

  const { sinks } = await estimated(empty.path, '--accounts', '3', '--identities', '5');

  expect(sinks.map(({ format }) => format)).toEqual(expect.arrayContaining(['plain', 'plain-rows', 'ocsf']));
  await empty.remove();
});

test('for a person it is a table that says what it is made from', async () => {
  const io = cliIo(folder.path, given.clock);

  await estimate.run([], io);

  expect(io.said.out).toMatch(/^SINK +FORMAT +INVENTORY +FINDINGS +EVENTS\/DAY +GB\/DAY/);
  expect(io.said.out).toContain('From the newest 7 days of 1 sources.');
});

test('an empty archive says what to do instead', async () => {
  const empty = await temporaryFolder();
  await writeFile(join(empty.path, 'muster.yaml'), `archive: ./archive\n${SINKS}`);

  const error: unknown = await estimate.run([], cliIo(empty.path, given.clock)).catch((thrown: unknown) => thrown);

  expect(error).toBeInstanceOf(UsageError);
  expect((error as Error).message).toContain('--accounts N --identities M');
  await empty.remove();
});

test.each([
  ['--accounts', '3'],
  ['--identities', '3'],
  ['--accounts', '0', '--identities', '1'],
  ['--days', 'x'],
])('%j %j is wrong use', async (...argv) => {
  await expect(estimate.run(argv, cliIo(folder.path, given.clock))).rejects.toBeInstanceOf(UsageError);
});

test("what is open goes out once a day, unless the sink's findings policy says otherwise", async () => {
  const { sinks } = await estimated(folder.path);
  const findingsOf = (name: string) => sinks.find(({ sink }) => sink === name)?.per_day_by_kind['finding']?.events ?? 0;

  expect(sinks.map(({ sink, findings }) => [sink, findings])).toContainEqual(['quiet', 'changed']);
  expect(findingsOf('quiet')).toBe(0);
  expect(findingsOf('changes')).toBeGreaterThan(0);
});

test('without a config the policies are those of a sink by default', async () => {
  const empty = await temporaryFolder();
  const { sinks } = await estimated(empty.path, '--accounts', '1', '--identities', '2');
  await empty.remove();

  for (const sink of sinks) expect(sink).toMatchObject({ inventory: 'changed+daily', findings: 'changed+daily' });
});
