import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { muster, spawnMuster } from '../kit/cli.ts';
import { hasProcessGroup } from '../kit/daemon.ts';
import { type Deployment, deployment } from '../kit/deployment.ts';
import { temporaryFolder } from '../kit/folder.ts';
import { freePort } from '../kit/free-port.ts';
import { type MovableClock, movableClock } from '../kit/movable-clock.ts';
import { until } from '../kit/until.ts';

let clock: MovableClock;
let simulator: Simulator;
let daemon: Deployment;
let port: number;

beforeAll(async () => {
  clock = movableClock();
  simulator = await startSimulator({ clock, buildMs: 0, accounts: 2, usersPerAccount: 4 });
  port = await freePort();
  daemon = await deployment({ simulator, yaml: { http: { listen: `127.0.0.1:${port}` } } });
});

afterAll(async () => {
  await simulator.close();
  await daemon.remove();
});

async function page(path: string): Promise<{ readonly status: number; readonly text: string }> {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`);
  return { status: answer.status, text: await answer.text() };
}

test('the daemon collects, delivers, tells its health, and ends on SIGTERM with nothing left behind', async () => {
  const running = await daemon.daemon();
  await running.said(
    'that all is delivered',
    () => running.lines().filter(({ happening }) => happening === 'delivered').length === 2,
  );

  expect(await page('/livez')).toEqual({ status: 200, text: 'ok\n' });
  expect(await page('/readyz')).toEqual({ status: 200, text: 'ok\n' });
  const { status, text } = await page('/metrics');
  expect(status).toBe(200);
  expect(text).toMatch(/^muster_reports_total\{.*outcome="archived".*\} 2$/m);
  expect(text).not.toContain(simulator.accounts[0]!.id);
  expect((await page('/')).status).toBe(404);

  expect(await running.stop()).toBe(0);
  expect(running.lines().at(-1)).toMatchObject({ happening: 'stopped' });
  expect(running.lines().filter(({ level }) => level === 'error' || level === 'warn')).toEqual([]);
  expect(hasProcessGroup(running.pid)).toBe(false);
  const files = readdirSync(daemon.folder, { recursive: true, encoding: 'utf8' });
  expect(files.filter((file) => /\.lock|\.tmp|\.sock/.test(file))).toEqual([]);
  await expect(page('/livez')).rejects.toThrow('fetch failed');
});

test('SIGTERM in the middle of a slow report ends the daemon at once; the next one does the rest', async () => {
  clock.move(5 * 3_600_000);
  simulator.faults.plant({ match: { action: 'GetCredentialReport' }, kind: 'hang', count: 2 });
  const calls = () => simulator.calls.list().filter(({ fault }) => fault === 'hang').length;
  const first = await daemon.daemon();
  await until('the cloud hangs', () => calls() > 0);

  const began = performance.now();
  expect(await first.stop()).toBe(0);
  expect(performance.now() - began).toBeLessThan(5_000);
  simulator.faults.clear();
  const second = await daemon.daemon();
  await until(
    'both accounts have their second report',
    async () => (await daemon.objects()).filter((key) => /aws.*00000002\/manifest/.test(key)).length === 2,
  );
  expect(await second.stop()).toBe(0);

  expect(simulator.calls.list().filter(({ answer }) => answer.state === 'STARTED')).toHaveLength(4);
});

test('while the clock is set back the daemon is not ready, and says why', async () => {
  clock.move(-2 * 3_600_000);
  const running = await daemon.daemon();
  await running.said('that it started', ({ happening }) => happening === 'started');

  await until('the plan has seen it', async () => (await page('/readyz')).status === 503);

  expect((await page('/readyz')).text).toMatch(/clock is wrong.*set it by NTP/);
  expect((await page('/metrics')).text).toMatch(/^muster_clock_behind_seconds 7\d{3}/m);
  expect(await running.stop()).toBe(0);
  clock.move(2 * 3_600_000);
});

test('a second daemon on the same port says so and exits 1', async () => {
  const first = await daemon.daemon();
  await first.said('that it started', ({ happening }) => happening === 'started');

  const { code, stderr } = await daemon.run(['run']);

  expect(await first.stop()).toBe(0);
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(String(port)) });
  expect(stderr).not.toContain('this is a bug');
});

test('the simulator prints one line, and runs until it is stopped', async () => {
  const child = await spawnMuster(['simulate', '--accounts', '2', '--users', '3'], { cwd: daemon.folder });
  let text = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  await until('the simulator has said where it is', () => text.endsWith('\n'));
  const { control, accounts } = JSON.parse(text) as { control: string; accounts: object[] };

  expect(accounts).toHaveLength(2);
  expect((await fetch(`${control}/history`)).status).toBe(200);
  const ended = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
});

test('the demo ends by itself after two reports of every account, and leaves what it made', async ({
  onTestFinished,
}) => {
  const { path, remove } = await temporaryFolder();
  onTestFinished(remove);
  const began = performance.now();
  const { code, stdout, stderr } = await muster(['demo', '--once', '--dir', 'tour'], { cwd: path });

  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(
    /the life of one key[^]*key\.many_places[^]* created [^]*access_key\.new_region[^]*used from a new network/,
  );
  const last = JSON.parse(stdout.trimEnd().split('\n').at(-1)!) as Record<string, number>;
  expect(Object.keys(last)).toEqual([
    'accounts',
    'accounts_by_provider',
    'reports',
    'events',
    'changes',
    'findings',
    'seconds',
  ]);
  expect(last).toMatchObject({ accounts: 5, accounts_by_provider: { aws: 3, alibaba: 1, tencent: 1 } });
  expect(last['reports']).toBeGreaterThanOrEqual(10);
  expect(last['seconds']! * 1_000).toBeLessThan(performance.now() - began + 1_000);
  const events = (await readFile(join(path, 'tour/events.ndjson'), 'utf8')).trimEnd().split('\n');
  expect(events).toHaveLength(last['events']!);
  const kinds = events.map((line) => (JSON.parse(line) as { kind: string }).kind);
  expect([kinds.filter((kind) => kind === 'change').length, kinds.filter((kind) => kind === 'finding').length]).toEqual(
    [last['changes'], last['findings']],
  );
  const verified = await muster(
    ['reports', 'verify', '--config', 'tour/muster.yaml', '--anchors', 'tour/events.ndjson'],
    { cwd: path },
  );
  expect(verified).toMatchObject({ code: 0, stdout: expect.stringMatching(/^whole: 4? ?/) });
  expect(await muster(['demo', '--once', '--dir', 'tour'], { cwd: path })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('not empty'),
  });
});

test('a demo that is interrupted before it has its reports fails', async ({ onTestFinished }) => {
  const { path, remove } = await temporaryFolder();
  onTestFinished(remove);
  const child = await spawnMuster(['demo', '--once', '--dir', 'tour'], { cwd: path });
  let text = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  await until('the demo has begun', () => text.includes('report 1'));
  const ended = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGTERM');

  expect(await ended).toBe(1);
  expect(existsSync(join(path, 'tour/muster.yaml'))).toBe(true);
});

test('a reader that goes away is no failure', async () => {
  const child = spawn('sh', ['-c', `"${process.execPath}" dist/cli/main.js schema config | head -1; exit`], {
    cwd: join(import.meta.dirname, '../..'),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  await new Promise((resolve) => child.once('close', resolve));

  expect(said).toBe('');
});
