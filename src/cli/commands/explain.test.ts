import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { archiveUsers, writeDeployment } from '../../../test/kit/archived.ts';
import { cliIo } from '../../../test/kit/cli-io.ts';
import { temporaryFolder } from '../../../test/kit/folder.ts';
import { AWS_SOURCE, testStage } from '../../../test/kit/stage.ts';
import { completeRules } from '../../derive/checks/registry.ts';
import type { Event } from '../../domain/event.ts';
import { fileCoverage } from '../../pipeline/daily-coverage.ts';
import { fileHealth } from '../../pipeline/health.ts';
import { events } from './events.ts';
import { explain } from './explain.ts';

const given = testStage();
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let told: readonly Event[];

/** Bob came and went, a sink was unwell and is well again, and then a rule changed. */
beforeAll(async () => {
  folder = await temporaryFolder();
  const trouble = { state: 'failing', fault: 'denied', message: 'may not', since: '2026-11-20T08:00:00Z' } as const;
  await archiveUsers(given, ['alice']);
  await archiveUsers(given, ['alice', 'bob']);
  await fileHealth(given.stage, { version: 1, sources: {}, sinks: { siem: trouble } });
  await archiveUsers(given, ['alice']);
  await fileHealth(given.stage, { version: 1, sources: {}, sinks: {} });
  await fileCoverage(given.stage);
  const rules = completeRules({ 'user.inactive': { enabled: true, severity: 'critical', thresholds: {} } });
  await archiveUsers({ ...given, stage: { ...given.stage, rules } }, ['alice']);
  await writeDeployment(given, folder.path, 'archive: ./archive\naccounts: []\nsinks: []\n');
  const io = cliIo(folder.path, given.clock);
  await events.run([], io);
  told = io.said.out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Event);
});

afterAll(() => folder.remove());

interface Side {
  readonly number: number;
  readonly row: string | readonly string[];
}

interface Explained {
  readonly event: Event;
  readonly report: Side;
  readonly base: string | Side;
  readonly rule?: { readonly check: string; readonly thresholds: object };
  readonly rule_before?: { readonly check: string };
}

async function explained(isIt: (event: Event) => boolean): Promise<Explained> {
  const event = told.find(isIt);
  if (event === undefined) throw new Error('no such event was told');
  const io = cliIo(folder.path, given.clock);
  expect(await explain.run([event.id, '--json'], io)).toBe(0);
  const read = JSON.parse(io.said.out) as Explained;
  expect(read.event).toEqual(event);
  return read;
}

const isOf = (type: string, name?: string) => (event: Event) =>
  event.type === type && (name === undefined || event.identity?.name === name);

test('an event of every type can be explained, of every kind', async () => {
  const types = new Map(told.map((event) => [event.type, event.id]));

  for (const id of types.values()) await explained((event) => event.id === id);

  expect(new Set(told.map(({ kind }) => kind))).toEqual(
    new Set(['inventory', 'change', 'finding', 'health', 'summary']),
  );
}, 20_000);

test('a change has the rows of both reports', async () => {
  const created = await explained(isOf('user.created', 'bob'));
  const deleted = await explained(isOf('user.deleted', 'bob'));

  expect(created.report.row).toContain('user=bob');
  expect(created.base).toMatchObject({ number: 1, row: 'not in this report' });
  expect(deleted.report.row).toBe('not in this report');
  expect(deleted.base).toMatchObject({ number: 2, row: expect.arrayContaining(['user=bob']) as unknown });
});

test('a finding has the rule that it was judged by', async () => {
  const { report, rule, event } = await explained(isOf('finding.opened', 'bob'));

  expect(report.row).toContain('user=bob');
  expect(rule).toMatchObject({ check: event.check?.id, enabled: true });
});

test('a finding that changed with its rule has the rule before, too', async () => {
  const { rule, rule_before } = await explained((event) => event.kind === 'finding' && event.cause === 'rules');

  expect(rule).toMatchObject({ check: 'user.inactive', severity: 'critical' });
  expect(rule_before).toMatchObject({ check: 'user.inactive', severity: 'low' });
});

test('a damaged report hides no event of another', async () => {
  const other = await temporaryFolder();
  await writeDeployment(given, other.path, 'archive: ./archive\naccounts: []\nsinks: []\n');
  const newest = join(other.path, 'archive/sources', AWS_SOURCE, '00000004');
  const report = (await readdir(newest)).find((file) => file.startsWith('report-'))!;
  await writeFile(join(newest, report), 'other bytes');
  const io = cliIo(other.path, given.clock);

  const code = await explain.run([told.find(isOf('user.created', 'bob'))!.id], io);
  await other.remove();

  expect(code).toBe(0);
  expect(io.said.err).toContain('passed over: archive object ');
});

test('inventory has its row', async () => {
  expect((await explained(isOf('inventory.identity', 'alice'))).report.row).toContain('mfa_active=false');
});

test('health has what was filed of the thing, then and before', async () => {
  const failing = await explained(isOf('health.sink.failing'));
  const recovered = await explained(isOf('health.sink.recovered'));

  expect(failing.report.row).toContain('message=may not');
  expect(recovered.report.row).toBe('nothing was wrong with it');
  expect(recovered.base).toMatchObject({ row: expect.arrayContaining(['fault=denied']) as unknown });
});

test('the state of an account has what was filed of the account', async () => {
  const { event, report } = await explained(isOf('account.status'));

  expect(report.row).toContain(`account_id=${event.account.id}`);
  expect(report.row).toContain(`state=${String(event.data?.['state'])}`);
});

test('a summary is of all rows', async () => {
  expect((await explained(isOf('summary.report'))).report.row).toBe('all 2 rows of 22 columns');
});

test('a row of plain-rows is explained as the event that it is of', async () => {
  const { id } = told.find(isOf('inventory.identity', 'alice'))!;
  const io = cliIo(folder.path, given.clock);

  expect(await explain.run([`${id}-1`], io)).toBe(0);
  expect(io.said.out).toContain('inventory of alice');
});
