import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { cloudsBesideAws } from '../../src/cli/demo/clouds.ts';
import { systemClock } from '../../src/kit/clock.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { muster } from '../kit/cli.ts';
import { startDaemon } from '../kit/daemon.ts';
import { eventsIn } from '../kit/deployment.ts';
import { temporaryFolder } from '../kit/folder.ts';
import { until } from '../kit/until.ts';

const CSV = join(import.meta.dirname, '../../src/providers/tencent/fixtures/international.csv');

let simulator: Simulator;
let folder: string;
let drop: string;
let remove: () => Promise<void>;
let env: Record<string, string>;

beforeAll(async () => {
  simulator = await startSimulator({ clock: systemClock(), accounts: 0, tencent: { accounts: 1 }, alibaba: {} });
  ({ path: folder, remove } = await temporaryFolder());
  const { accounts, secrets } = cloudsBesideAws(simulator);
  env = { ID: secrets['tencent_secret_id']!, KEY: secrets['tencent_secret_key']! };
  const text = JSON.stringify(accounts.filter((one) => 'provider' in one && one.provider === 'tencent'));
  const [account] = JSON.parse(
    text
      .replace('${file:secrets/tencent_secret_id}', '${env:ID}')
      .replace('${file:secrets/tencent_secret_key}', '${env:KEY}'),
  ) as [object];
  drop = join(folder, 'drop');
  await mkdir(drop);
  const reports = { 'credential-report-import': { drop_folder: './drop', every: '30d' } };
  const sinks = [{ name: 'all', type: 'file', path: './events.ndjson', rotate_daily: false }];
  const config = { archive: './archive', http: false, accounts: [{ ...account, name: 'shop', reports }], sinks };
  await writeFile(join(folder, 'muster.yaml'), stringify(config));
});

afterAll(async () => {
  await simulator.close();
  await remove();
});

test('a CSV from the console is imported by the running daemon; a wrong one is refused, and health and doctor say so', async () => {
  const daemon = await startDaemon([], { cwd: folder, at: Date.now(), env: { ...env, MUSTER_TEST_TICK_MS: '20000' } });
  await copyFile(CSV, join(drop, 'users, of November.csv'));
  await until('its events are there', async () => (await types()).includes('summary.report'), 30_000);

  await writeFile(join(drop, 'notes.csv'), 'a,b\n1,2\n');
  await until('health tells', async () => (await types()).includes('health.source.failing'), 30_000);
  expect(await daemon.stop()).toBe(0);

  expect(await readdir(join(drop, 'done'))).toEqual([expect.stringMatching(/-users, of November\.csv$/)]);
  const [, reason] = (await readdir(join(drop, 'refused'))).sort();
  expect(await readFile(join(drop, 'refused', reason!), 'utf8')).toContain('not a user credential report');
  expect(simulator.calls.list()).toEqual([]);
  const doctor = await muster(['doctor'], { cwd: folder, env });
  expect(doctor).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/WRONG +drop folder [^]*1\s+file\s+was\s+refused/),
  });
});

test('`muster collect` imports what lies there, waits until it is complete, and exits 1 when it is refused', async () => {
  const text = (await readFile(CSV, 'utf8')).replace(',Active', ',Disable');
  await writeFile(join(drop, 'next.csv'), text);

  const collected = await muster(['collect'], { cwd: folder, at: Date.now(), env });

  expect(collected).toMatchObject({ code: 0, stdout: expect.stringMatching(/^shop: next\.csv: report 2/m) });
  await writeFile(join(drop, 'next.csv'), 'nothing');
  expect(await muster(['collect'], { cwd: folder, at: Date.now(), env })).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/^shop: next\.csv: refused: /m),
  });
});

async function types(): Promise<readonly string[]> {
  return (await eventsIn(join(folder, 'events.ndjson'))).map(({ type }) => type);
}
