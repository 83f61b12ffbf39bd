import { access, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { sourceName } from '../../src/domain/names.ts';
import { scaledClock } from '../../src/kit/clock.ts';
import { dueAt } from '../../src/pipeline/due.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { eventsIn } from '../kit/deployment.ts';
import { until } from '../kit/until.ts';
import { FleetDaemon, type Memory } from './fleet-daemon.ts';

const START = Date.UTC(2026, 10, 20, 9);
const MINUTE = 60_000;
const PATIENCE_MS = 30 * MINUTE;
const LOOK_MS = 250;

export interface FleetOptions {
  readonly members: number;
  /** How many of them there are when memory is looked at first. */
  readonly first: number;
  readonly large: number;
  readonly usersOfLarge: number;
  readonly denied: number;
  readonly everyMs: number;
  readonly tickMs: number;
  readonly outageMs: number;
  /** How many times as fast as the machine's clock. */
  readonly rate: number;
  readonly main: string;
  readonly say: (line: string) => void;
}

export interface FleetResult {
  readonly memoryOfFirst: Memory;
  readonly memoryOfAll: Memory;
  /** Sorted, in simulated ms: from the moment at which a report was due to that at which it was held. Calm weather only. */
  readonly lateMs: readonly number[];
  /** Names of those that are called alike. */
  readonly alike: number;
  /** Types of the health events of the time of the outage and after it. */
  readonly alerts: readonly string[];
  /** Members that were collected after the outage, of those that can be. */
  readonly recovered: number;
  readonly code: number | null;
}

/** An organisation that grows, with members that are large, denied, hanging or called alike; then STS is out. */
export async function runFleet(options: FleetOptions): Promise<FleetResult> {
  const fleet = await startFleet(options);
  try {
    return await run(fleet, options);
  } finally {
    await fleet.daemon.stop();
    await fleet.simulator.close();
    await rm(fleet.folder, { recursive: true, force: true });
  }
}

interface Fleet {
  readonly simulator: Simulator;
  readonly daemon: FleetDaemon;
  readonly folder: string;
  readonly ids: readonly string[];
  readonly hanging: string;
  /** Those that can be collected. */
  readonly good: readonly string[];
  now(): number;
}

async function startFleet(options: FleetOptions): Promise<Fleet> {
  const { members, first, large, usersOfLarge, denied, everyMs, tickMs, rate } = options;
  const clock = scaledClock(START, rate);
  const anchor = Date.now();
  const folder = await mkdtemp(join(tmpdir(), 'muster-fleet-'));
  // Some of the large ones are among the first, so that what they leave behind is in both measurements.
  const isLarge = (index: number) => index >= denied + 1 && index % Math.floor(members / (large + 1)) === denied + 1;
  const seeds = Array.from({ length: members }, (_, index) => ({ users: isLarge(index) ? usersOfLarge : 3 }));
  const simulator = await startSimulator({
    clock,
    accounts: seeds,
    buildMs: 1,
    cacheWindowMs: everyMs,
    maxCalls: 1_000,
    organization: { members: first },
  });
  const ids = simulator.accounts.map(({ id }) => id);
  for (const id of ids.slice(0, denied))
    (simulator.world.accounts.get(id)!.roles.get('muster-audit')!.trusts as string[]).length = 0;
  const hanging = ids[denied]!;
  simulator.faults.plant({ match: { account: hanging }, kind: 'hang' });
  await writeFile(join(folder, 'muster.yaml'), JSON.stringify(configOf(simulator, everyMs)));
  const env = { KEY_ID: simulator.hub.accessKeyId, SECRET: simulator.hub.secretAccessKey };
  const daemon = new FleetDaemon({ main: options.main, folder, start: START, rate, anchor, tickMs, env });
  return { simulator, daemon, folder, ids, hanging, good: ids.slice(denied + 1), now: () => clock.now() };
}

function configOf(simulator: Simulator, everyMs: number): object {
  const auth = { access_key: { access_key_id: '${env:KEY_ID}', secret_access_key: '${env:SECRET}' } };
  const entry = { provider: 'aws', name: 'main', auth, role: 'muster-audit', external_id: 'muster-demo' };
  const own = { endpoint: simulator.url, management_account: false, key_ids: false, timeout: '2s' };
  const reports = { 'credential-report': { every: `${everyMs / MINUTE}m` } };
  const sink = {
    name: 'all',
    type: 'file',
    path: './events.ndjson',
    rotate_daily: false,
    events: ['health', 'summary'],
  };
  return { archive: './archive', http: false, organizations: [{ ...entry, ...own, reports }], sinks: [sink] };
}

async function run(fleet: Fleet, { first, everyMs, outageMs, rate, say }: FleetOptions): Promise<FleetResult> {
  const { simulator, daemon, ids, good } = fleet;
  const firstGood = good.filter((id) => ids.indexOf(id) < first);
  daemon.start();
  await held(fleet, firstGood, 2);
  const memoryOfFirst = await daemon.memory();
  say(`${first} members: ${JSON.stringify(memoryOfFirst)}`);
  const { members } = simulator.world.organization;
  for (const id of ids.slice(first)) members.set(id, { id, name: id, state: 'ACTIVE', joinedAt: START, tags: {} });
  for (const id of good.slice(-3)) members.get(id)!.name = 'same';
  await held(fleet, good, 2);
  const memoryOfAll = await daemon.memory();
  say(`${ids.length} members: ${JSON.stringify(memoryOfAll)}`);
  const late = (await lateness(fleet, everyMs)).toSorted((a, b) => a - b);
  say(
    `late by seconds: ${[0.5, 0.9, 0.99, 1].map((share) => Math.round(late[Math.floor(share * (late.length - 1))]! / 1_000)).join(', ')}`,
  );
  const told = (await health(fleet)).length;
  simulator.faults.plant({ match: { service: 'sts', action: 'AssumeRole' }, kind: 'error500' });
  await daemon.stop(); // credentials that it holds would bridge the outage
  daemon.start();
  say('STS is out');
  await pause(outageMs / rate);
  simulator.faults.clear();
  simulator.faults.plant({ match: { account: fleet.hanging }, kind: 'hang' });
  const over = fleet.now();
  await collectedSince(fleet, over);
  await pause((everyMs + 10 * MINUTE) / rate); // what is still wrong shows at the next plans
  return {
    memoryOfFirst,
    memoryOfAll,
    lateMs: late,
    alike: new Set(
      (await summaries(fleet)).filter(({ account }) => account.name === 'same').map(({ account }) => account.id),
    ).size,
    alerts: (await health(fleet)).slice(told).map(({ type }) => type),
    recovered: good.length - (await behind(fleet, over)),
    code: await daemon.stop(),
  };
}

interface Held {
  readonly generatedAt: number;
  readonly collectedAt: number;
}

/** Looked for seldom and in few files: this process is the cloud as well. */
async function held(fleet: Fleet, ids: readonly string[], reports: number): Promise<void> {
  const waiting = [...ids];
  const isHeld = (id: string) => exists(join(chainOf(fleet, id), String(reports).padStart(8, '0'), 'manifest.json'));
  await untilAll(
    `${ids.length} accounts have ${reports} reports; the daemon said\n${fleet.daemon.stderr}`,
    waiting,
    isHeld,
  );
}

async function collectedSince(fleet: Fleet, since: number): Promise<void> {
  const isBack = async (id: string) => ((await manifests(fleet, id)).at(-1)?.collectedAt ?? 0) > since;
  await untilAll('all are collected after the outage', [...fleet.good], isBack);
}

async function untilAll(what: string, waiting: string[], is: (id: string) => Promise<boolean>): Promise<void> {
  const holds = async () => {
    while (waiting[0] !== undefined && (await is(waiting[0]))) waiting.shift();
    if (waiting.length > 0) await pause(LOOK_MS);
    return waiting.length === 0;
  };
  await until(what, holds, PATIENCE_MS);
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function chainOf({ folder }: Fleet, id: string): string {
  return join(folder, 'archive/sources/aws', id, 'credential-report');
}

async function manifests(fleet: Fleet, id: string): Promise<readonly Held[]> {
  const chain = chainOf(fleet, id);
  const found: Held[] = [];
  for (const number of (await readdir(chain).catch((): string[] => [])).toSorted()) {
    const text = await readFile(join(chain, number, 'manifest.json'), 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    const { generated_at: generated, collected_at: collected } = JSON.parse(text) as Record<string, string>;
    found.push({ generatedAt: Date.parse(generated!), collectedAt: Date.parse(collected!) });
  }
  return found;
}

async function lateness(fleet: Fleet, everyMs: number): Promise<readonly number[]> {
  const late: number[] = [];
  for (const accountId of fleet.good) {
    const source = sourceName({ provider: 'aws', accountId, kind: 'credential-report' });
    const all = await manifests(fleet, accountId);
    for (const [index, { collectedAt }] of all.entries()) {
      const before = all[index - 1];
      if (before !== undefined) late.push(collectedAt - dueAt(source, before.generatedAt, everyMs));
    }
  }
  return late;
}

async function behind(fleet: Fleet, since: number): Promise<number> {
  let count = 0;
  for (const id of fleet.good) if (((await manifests(fleet, id)).at(-1)?.collectedAt ?? 0) <= since) count += 1;
  return count;
}

async function health(fleet: Fleet) {
  return (await eventsIn(join(fleet.folder, 'events.ndjson'))).filter(({ type }) => type.startsWith('health.'));
}

async function summaries(fleet: Fleet) {
  return (await eventsIn(join(fleet.folder, 'events.ndjson'))).filter(({ type }) => type === 'summary.report');
}
