import { randomBytes } from 'node:crypto';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../src/domain/clock.ts';
import { formatInstant } from '../../src/domain/instant.ts';
import { type SourceName, sourceName } from '../../src/domain/names.ts';
import { systemClock } from '../../src/kit/clock.ts';
import { fetchReport, generateReport } from '../../src/simulator/aws/report-machine.ts';
import { step } from '../../src/simulator/aws/step.ts';
import { type Random, seededRandom } from '../../src/simulator/random.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { type MovableClock, movableClock } from '../kit/movable-clock.ts';
import { type Child, type Ended, startMuster } from './child.ts';
import { furnish, type Home, makeHome } from './home.ts';
import type { Program } from './program.ts';
import { type Receiver, startReceiver } from './receiver.ts';

const HOUR_MS = 3_600_000;
const T0 = Date.UTC(2026, 2, 2, 8);
/** Every process lives elsewhere: ids must not depend on it. */
const ZONES = ['UTC', 'Asia/Kolkata', 'America/St_Johns', 'Pacific/Chatham'];
const EXTERNAL_ID = 'external-canary-4b1d77e2';

/** `still`: the cloud's time stands until it is moved, the cadence is four hours. `live`: seconds, for daemons that go on. */
export type Tempo = 'still' | 'live';
const TEMPO = {
  // The cloud would make a report sooner than we may ask for one: so an early question shows.
  still: { every: '4h', everyMs: 4 * HOUR_MS, cacheWindowMs: HOUR_MS, buildMs: 0, rate: 40 },
  live: { every: '3s', everyMs: 3_000, cacheWindowMs: 1_500, buildMs: 300, rate: 1 },
} as const;

export interface RunOptions {
  readonly failpoints?: string;
  readonly preload?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

/** Everything one case needs, and nothing that another one touches. */
export interface Bench {
  readonly program: Program;
  readonly simulator: Simulator;
  readonly receiver: Receiver;
  readonly home: Home;
  readonly source: SourceName;
  readonly everyMs: number;
  /** What no log, archive or queue may ever hold. */
  readonly canaries: readonly string[];
  /** Whatever processes wrote, for the search for secrets and for what they claimed. */
  readonly outputs: Ended[];
  /** More files to search for secrets: what Redis kept. */
  readonly searched: string[];
  /** How long to wait for the world to come right again. */
  readonly patienceMs: number;
  readonly trace: string;
  /** What tells a process the time of the cloud. */
  environment(): Readonly<Record<string, string>>;
  start(args: readonly string[], options?: RunOptions): Child;
  run(args: readonly string[], options?: RunOptions): Promise<Ended>;
  /** Some time passes in the cloud, and things happen in it. */
  later(ms: number, changes?: number): void;
  close(): Promise<void>;
}

export interface BenchOptions {
  readonly program: Program;
  readonly folder: string;
  readonly tempo?: Tempo;
  readonly users?: number;
  readonly queue?: string;
  readonly patienceMs?: number;
  /** Begins where this one ended: its first report is archived and delivered. */
  readonly base?: Bench;
}

export async function openBench(options: BenchOptions): Promise<Bench> {
  const tempo = TEMPO[options.tempo ?? 'still'];
  const clock = options.tempo === 'live' ? systemClock() : movableClock(T0);
  const simulator = await simulatorOf(clock, tempo, options.users ?? 8);
  const receiver = await startReceiver(options.base?.receiver.taken);
  const webhookSecret = options.base === undefined ? randomBytes(32).toString('base64') : secretOf(options.base);
  const { every, everyMs, rate } = tempo;
  const parts = { simulator, webhook: receiver.url, webhookSecret: `whsec_${webhookSecret}`, every };
  const home = await makeHome(options.folder, {
    ...parts,
    ...(options.queue === undefined ? {} : { queue: options.queue }),
  });
  if (options.base !== undefined) await takeOver(options.base, home, simulator);
  const outputs: Ended[] = [];
  const children: Child[] = [];
  const random = seededRandom(3, 'faults');
  const trace = join(options.folder, 'trace');
  const environment = (): Readonly<Record<string, string>> =>
    rate === 1
      ? { MUSTER_TEST_TICK_MS: '400' }
      : { MUSTER_TEST_TICK_MS: '60000', MUSTER_TEST_CLOCK: `${formatInstant(simulator.clock.now())},${rate}` };
  const start = (args: readonly string[], { failpoints = '', preload, env, timeoutMs }: RunOptions = {}) => {
    const child = startMuster(options.program, [...args, '--config', home.config], {
      env: {
        ...environment(),
        TZ: ZONES[children.length % ZONES.length] ?? 'UTC',
        MUSTER_FAILPOINTS: failpoints,
        MUSTER_FAILPOINT_TRACE: trace,
        ...env,
      },
      ...(preload === undefined ? {} : { preload }),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    });
    children.push(child);
    const ended = child.ended.then((how) => {
      outputs.push(how);
      return how;
    });
    return { ...child, ended };
  };
  await appendFile(trace, '');
  const account = simulator.accounts[0]?.id ?? '';
  return {
    program: options.program,
    simulator,
    receiver,
    home,
    source: sourceName({ provider: 'aws', accountId: account, kind: 'credential-report' }),
    everyMs,
    canaries: [simulator.hub.secretAccessKey, webhookSecret, EXTERNAL_ID],
    outputs,
    searched: [],
    patienceMs: options.patienceMs ?? 30_000,
    trace,
    environment,
    start,
    run: (args, how) => start(args, how).ended,
    later: (ms, changes = 0) => pass(simulator, clock, ms, changes, random),
    async close() {
      for (const child of children) child.kill('SIGKILL');
      await Promise.all(children.map((child) => child.ended));
      await receiver.close();
      await simulator.close();
    },
  };
}

/** Past the next due instant and its spread. */
export function nextWindow(bench: Bench, changes = 12): void {
  bench.later(bench.everyMs + 2 * 60_000, changes);
}

function simulatorOf(clock: Clock, { cacheWindowMs, buildMs }: (typeof TEMPO)[Tempo], users: number) {
  return startSimulator({
    clock,
    accounts: 1,
    usersPerAccount: users,
    cacheWindowMs,
    buildMs,
    externalId: EXTERNAL_ID,
  });
}

function secretOf({ canaries }: Bench): string {
  return canaries[1] ?? '';
}

/** The same seed and the same moment make the same cloud, with the same first report. */
async function takeOver(base: Bench, home: Home, simulator: Simulator): Promise<void> {
  await furnish(home, base.home);
  const account = simulator.world.accounts.get(simulator.accounts[0]?.id ?? '');
  if (account === undefined) throw new Error('the simulator has no account');
  generateReport(simulator.world, account);
  fetchReport(simulator.world, account);
}

function pass(simulator: Simulator, clock: Clock | MovableClock, ms: number, changes: number, random: Random): void {
  if ('move' in clock) clock.move(ms);
  for (let change = 0; change < changes; change += 1) step(simulator.world, random);
}
