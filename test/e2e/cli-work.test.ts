import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { permit, trueCsv } from '../kit/clouds.ts';
import { type Deployment, deployment, FILE_SINK } from '../kit/deployment.ts';
import { type HttpServer, httpServer } from '../kit/http-server.ts';
import { type MovableClock, movableClock } from '../kit/movable-clock.ts';
import { eventsAt, firstTimes } from '../kit/received-events.ts';
import { SIGNING_SECRET } from '../kit/webhook-receiver.ts';

const HOUR = 3_600_000;

let clock: MovableClock;
let simulator: Simulator;
let receiver: HttpServer;
let muster: Deployment;
let good: string;
let denied: string;

beforeAll(async () => {
  clock = movableClock();
  simulator = await startSimulator({
    clock,
    buildMs: 0,
    accounts: [{ name: 'good' }, { name: 'denied' }],
    usersPerAccount: 6,
  });
  [good, denied] = simulator.accounts.map(({ id }) => id) as [string, string];
  receiver = await httpServer();
  const hook = {
    name: 'siem',
    type: 'webhook',
    url: receiver.url,
    secret: '${env:HOOK}',
    inventory: 'every',
    start: 'all',
  };
  muster = await deployment({
    simulator,
    sinks: [{ ...FILE_SINK, start: 'all' }, hook],
    env: { HOOK: SIGNING_SECRET },
  });
});

afterAll(async () => {
  await Promise.all([receiver.close(), simulator.close()]);
  await muster.remove();
});

function nextWindow(): void {
  clock.move(4 * HOUR + 121_000);
}

async function heads(): Promise<Record<string, number>> {
  const { stdout } = await muster.run(['reports', 'list', '--json']);
  const reports = JSON.parse(stdout) as { source: string; number: number }[];
  const own = reports.filter(({ source }) => source.startsWith('aws/'));
  return Object.fromEntries(own.map(({ source, number }) => [source.split('/')[1], number]));
}

describe('reports that a team kept are imported before the first look', () => {
  test('oldest first; one that is not newer, and one that is not whole, are refused with the reason', async () => {
    const csv = trueCsv(simulator, good);
    await writeFile(join(muster.folder, 'kept.csv'), csv);
    await writeFile(join(muster.folder, 'cut.csv'), csv.slice(0, -30));
    const bring = (at: string, file: string) =>
      muster.run(['reports', 'import', '--account', 'good', '--generated-at', at, file]);

    expect(await bring('2026-11-01T08:00:00Z', 'kept.csv')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('report 1 archived'),
    });
    expect(await bring('2026-11-02T08:00:00Z', 'kept.csv')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('report 2 archived'),
    });
    expect(await bring('2026-11-01T20:00:00Z', 'kept.csv')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('report 2 of 2026-11-02T08:00:00Z is newer'),
    });
    expect(await bring('2026-11-03T08:00:00Z', 'cut.csv')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/in quarantine: .*cells/),
    });
    expect(await bring('2026-11-03', 'kept.csv')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('not a time with a zone'),
    });
    expect(await bring('2026-11-04T08:00:00Z', 'absent.csv')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('absent.csv'),
    });
    expect(await heads()).toEqual({ [good]: 2 });
  });
});

describe('collecting', () => {
  test('a denied account fails by name, beside a good one that is collected; the next run brings both', async () => {
    await permit(simulator, denied, []);
    const failed = await muster.run(['collect']);
    expect(failed).toMatchObject({ code: 1 });
    expect(failed.stdout).toMatch(
      /^denied: denied: .*GenerateCredentialReport|^denied: denied: .*GetCredentialReport/m,
    );
    expect(failed.stdout).toMatch(/^good: report 3 archived: 7 identities/m);
    const status = await muster.run(['status']);
    expect(status).toMatchObject({ code: 1, stdout: expect.stringContaining('failing (denied)') });

    await permit(simulator, denied, ['iam:Generate*', 'iam:Get*', 'iam:List*']);
    const mended = await muster.run(['collect', 'denied']);
    expect(mended).toMatchObject({ code: 0, stdout: expect.stringMatching(/^denied: report 1 archived/) });
    expect(await muster.run(['status'])).toMatchObject({ code: 0 });
  });

  test('health told the failure and the recovery to the sinks', async () => {
    await muster.run(['collect']);
    const health = (await muster.events()).filter(({ type }) => type.startsWith('health.'));

    expect(health.filter(({ account }) => account.id === denied).map(({ type }) => type)).toEqual([
      'health.source.failing',
      'health.source.recovered',
    ]);
  });

  test('a dead sink is named, the archive has the report, and the next run delivers it', async () => {
    nextWindow();
    const before = firstTimes(eventsAt(receiver)).length;
    receiver.otherwise({ status: 401 });

    const failed = await muster.run(['collect', 'good']);

    expect(failed).toMatchObject({ code: 1, stderr: expect.stringMatching(/^sink siem: denied: .*401/m) });
    expect((await heads())[good]).toBe(4);
    expect((await muster.events()).some(({ report }) => report.number === 4)).toBe(true);
    expect(await muster.run(['status'])).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('sink siem: failing (denied)'),
    });

    receiver.otherwise({ status: 200 });
    const delivered = await muster.run(['collect', 'good']);
    expect(delivered).toMatchObject({ code: 0, stdout: expect.stringContaining('next due at') });
    const after = firstTimes(eventsAt(receiver));
    expect(after.length).toBeGreaterThan(before);
    expect(after.some(({ report, account }) => report.number === 4 && account.id === good)).toBe(true);
  });

  test('--json tells the outcome of each account as a line', async () => {
    const { stdout } = await muster.run(['collect', 'good', '--json']);

    expect(JSON.parse(stdout)).toMatchObject({ name: 'good', source: `aws/${good}/credential-report`, failed: false });
  });
});

describe('looking', () => {
  test('status --json has the head, its age, what is due and the lag of each sink', async () => {
    const { stdout } = await muster.run(['status', '--json']);
    const { sources, sinks } = JSON.parse(stdout) as {
      sources: Record<string, unknown>[];
      sinks: Record<string, unknown>[];
    };

    const source = sources.find(({ account }) => account === 'good')!;
    expect(source).toMatchObject({ state: 'ok', head: { number: 4, identities: 7 }, lag: { everything: 0, siem: 0 } });
    expect(source['next_due']).toMatch(/^2026-11-2\dT/);
    expect(sinks).toEqual([
      expect.objectContaining({ sink: 'everything', state: 'ok' }),
      expect.objectContaining({ sink: 'siem', state: 'ok' }),
    ]);
  });

  test('reports list, show and cat: the newest by default, and the bytes as the cloud served them', async () => {
    const list = await muster.run(['reports', 'list', 'good']);
    expect(list.stdout.trimEnd().split('\n')).toHaveLength(5);
    const shown = JSON.parse((await muster.run(['reports', 'show', 'good', '3'])).stdout) as {
      manifest: { number: number };
      context: { account: { name: string } };
    };
    expect([shown.manifest.number, shown.context.account.name]).toEqual([3, 'good']);
    expect((await muster.run(['reports', 'cat', 'good'])).stdout).toBe(trueCsv(simulator, good));
    expect(await muster.run(['reports', 'cat', 'good', '3', 'nothing.csv'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('it has report.csv'),
    });
    expect(await muster.run(['reports', 'show', 'good', '99'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('reports 1 to 4'),
    });
  });

  test('events are chosen by source, kind and period', async () => {
    const of = async (...args: string[]) =>
      (await muster.run(['events', ...args])).stdout
        .trim()
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as { kind: string; report: { number: number; source: string } });

    expect((await of('--source', 'good', '--kind', 'summary')).map(({ report }) => report.number)).toEqual([
      1, 2, 3, 4,
    ]);
    expect(
      (await of('--source', good, '--kind', 'summary', '--until', '2026-11-02T08:00:00Z')).map(
        ({ report }) => report.number,
      ),
    ).toEqual([1, 2]);
    expect(await of('--source', 'good', '--since', '2026-11-02T08:00:01Z', '--until', '2026-11-03')).toEqual([]);
  });

  test('explain shows the rows, the reports and the rule behind a finding; findings can be chosen', async () => {
    const { stdout } = await muster.run(['findings', '--json', '--source', 'good']);
    const [finding] = JSON.parse(stdout) as { id: string; check: string; identity: { name: string } }[];
    const event = (await muster.events()).find(({ finding_id }) => finding_id === finding!.id)!;

    const explained = await muster.run(['explain', event.id]);

    expect(explained).toMatchObject({ code: 0, stderr: '' });
    for (const part of [
      event.id,
      finding!.identity.name,
      `aws/${good}/credential-report number 1`,
      `"check":"${finding!.check}"`,
      'user_creation_time=',
    ])
      expect(explained.stdout).toContain(part);
    const chosen = await muster.run(['findings', '--json', '--check', finding!.check]);
    const checks = (JSON.parse(chosen.stdout) as { check: string }[]).map(({ check }) => check);
    expect(new Set(checks)).toEqual(new Set([finding!.check]));
  });

  test('doctor tells who Muster is in each account, what is missing, and which sink cannot be reached', async () => {
    const well = await muster.run(['doctor']);
    expect(well).toMatchObject({ code: 0, stdout: expect.stringContaining('assumed-role/muster-audit') });

    await permit(simulator, denied, ['iam:GetCredentialReport']);
    await muster.configure({ sinks: [{ ...FILE_SINK, path: './absent/events.ndjson' }] });
    const { code, stdout } = await muster.run(['doctor', '--json']);

    const wrong = (JSON.parse(stdout) as { about: string; ok: boolean; text: string }[]).filter(({ ok }) => !ok);
    expect(code).toBe(1);
    expect(wrong.map(({ about }) => about)).toEqual(['account denied', 'sink everything']);
    expect(wrong[0]!.text).toContain('iam:GenerateCredentialReport');
  });
});
