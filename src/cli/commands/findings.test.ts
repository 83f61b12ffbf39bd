import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { archiveUsers, writeDeployment } from '../../../test/kit/archived.ts';
import { cliIo } from '../../../test/kit/cli-io.ts';
import { temporaryFolder } from '../../../test/kit/folder.ts';
import { ACCOUNT, testStage } from '../../../test/kit/stage.ts';
import { UsageError } from '../io.ts';
import type { OpenRow } from '../open-findings.ts';
import { findings } from './findings.ts';

const given = testStage();
let folder: Awaited<ReturnType<typeof temporaryFolder>>;

/** One report of alice and of a user whose name is a formula. */
beforeAll(async () => {
  folder = await temporaryFolder();
  await archiveUsers(given, ['alice', '=cmd()']);
  await writeDeployment(given, folder.path, 'archive: ./archive\naccounts: []\nsinks: []\n');
});

afterAll(() => folder.remove());

async function said(...argv: readonly string[]): Promise<string> {
  const io = cliIo(folder.path, given.clock);
  expect(await findings.run(argv, io)).toBe(0);
  return io.said.out;
}

async function listed(...argv: readonly string[]): Promise<readonly OpenRow[]> {
  return JSON.parse(await said('--json', ...argv)) as readonly OpenRow[];
}

test('every finding says whose it is, by what was kept with the report', async () => {
  const rows = await listed();

  expect(rows.length).toBeGreaterThan(2);
  expect(rows[0]).toMatchObject({ provider: 'aws', account_id: ACCOUNT, account: 'prod', labels: { env: 'prod' } });
});

test('a filter takes what fits and leaves the rest', async () => {
  const all = await listed();
  const one = all[0]!;
  const taken = async (isTaken: (row: OpenRow) => boolean, ...argv: readonly string[]) => {
    expect(await listed(...argv)).toEqual(all.filter(isTaken));
  };

  await taken(() => true, '--provider', 'aws', '--account', ACCOUNT, '--label', 'env=prod', '--label', 'env');
  await taken(() => false, '--provider', 'alibaba,tencent');
  await taken(() => false, '--label', 'env=test');
  await taken(() => false, '--label', 'toString');
  await taken(({ check }) => check === one.check, '--check', one.check);
  await taken(({ severity }) => severity === 'high' || severity === 'low', '--severity', 'high,low');
  await taken(({ status }) => status === 'warn', '--status', 'warn');
  await taken(({ identity }) => identity.name === 'alice', '--identity', 'ALI*');
  await taken(({ identity }) => identity.name === 'alice', '--identity', 'arn:*:user/alice');
  await taken(({ identity }) => identity.kind === 'root', '--identity', 'root');
  await taken(() => true, '--since', one.since);
  await taken(() => false, '--since', '2099-01-01');
});

test('a table for a spreadsheet has a line for each finding, and no formula', async () => {
  const rows = parse(await said('--csv'), { columns: true }) as readonly Record<string, string>[];
  const all = await listed();

  expect(rows.map((row) => row['finding_id'])).toEqual(all.map(({ id }) => id));
  expect(new Set(rows.map((row) => row['identity']))).toContain("'=cmd()");
  expect(rows[0]).toMatchObject({ labels: 'env=prod', account: 'prod', since: all[0]!.since });
});

test('nothing to list is a header and nothing below', async () => {
  expect(await said('--csv', '--status', 'unknown')).toMatch(/^severity,check,[^\r\n]*\r\n$/);
  expect(await said('--status', 'unknown')).toBe('nothing is open\n');
});

test('an account without a report is named: nothing open there is no good news', async () => {
  const archive = join(folder.path, 'archive/accounts/aws');
  await writeFile(join(archive, '210987654321.credential-report.json'), '{"first_seen_at":"2026-11-20T08:00:00Z"}');
  const io = cliIo(folder.path, given.clock);
  const other = cliIo(folder.path, given.clock);

  await findings.run(['--account', '210987654321'], io);
  await findings.run(['--provider', 'tencent'], other);

  expect(io.said.err).toMatch(/^warning: no report yet of aws\/210987654321\/credential-report: .*muster status/);
  expect(other.said.err).toBe('');
});

test('so is an account of the config that nothing was ever collected of', async () => {
  const account = '{ provider: alibaba, account_id: "5123456789012345", name: cn, auth: { chain: {} } }';
  await writeFile(join(folder.path, 'new.yaml'), `archive: ./new\naccounts: [${account}]\n`);
  const io = cliIo(folder.path, given.clock);

  await findings.run(['--config', 'new.yaml'], io);

  expect(io.said.err).toMatch(/^warning: no report yet of alibaba\/5123456789012345\/credential-report: /);
  expect(io.said.out).toBe('nothing could be read\n');
});

test.each([
  [['--check', 'user.key.tooold'], 'did you mean "user.key.too_old"?'],
  [['--status', 'open'], 'there are fail, warn, unknown'],
  [['--provider', 'azure'], 'there are aws, alibaba, tencent'],
  [['--since', 'yesterday'], 'is not a time'],
  [['--account', 'nobody'], 'nothing in the archive is named "nobody"'],
  [['--json', '--csv'], 'not both'],
])('%j is wrong use', async (argv, message) => {
  const error: unknown = await findings.run(argv, cliIo(folder.path, given.clock)).catch((thrown: unknown) => thrown);

  expect(error).toBeInstanceOf(UsageError);
  expect((error as Error).message).toContain(message);
});

test('a source that is damaged hides no other, and fails', async () => {
  const archive = join(folder.path, 'archive');
  const report = join(archive, 'sources/aws/999999999999/credential-report/00000001');
  await mkdir(report, { recursive: true });
  await writeFile(join(report, 'manifest.json'), '{}');
  await writeFile(join(archive, 'accounts/aws/999999999999.credential-report.json'), '{}');
  const io = cliIo(folder.path, given.clock);

  const code = await findings.run(['--json'], io);

  expect(code).toBe(1);
  expect(JSON.parse(io.said.out).length).toBeGreaterThan(2);
  expect(io.said.err).toContain('passed over: archive object sources/aws/999999999999/');
  expect(io.said.err).not.toContain('no report yet of aws/999999999999');
});

test('where all that was asked for is damaged, nobody is told that nothing is open', async () => {
  const io = cliIo(folder.path, given.clock);

  expect(await findings.run(['--account', '999999999999'], io)).toBe(1);
  expect(io.said.out).toBe('nothing could be read\n');
});

test('nor where no report of the cloud that was asked for could be read', async () => {
  const io = cliIo(folder.path, given.clock);
  const account = '{ provider: alibaba, account_id: "5123456789012345", name: cn, auth: { chain: {} } }';
  await writeFile(join(folder.path, 'both.yaml'), `archive: ./archive\naccounts: [${account}]\n`);

  await findings.run(['--provider', 'alibaba', '--config', 'both.yaml'], io);

  expect(io.said.out).toBe('nothing could be read\n');
});
