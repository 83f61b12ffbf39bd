import type { Clock } from '../domain/clock.ts';
import type { Instant } from '../domain/instant.ts';
import { systemClock } from '../kit/clock.ts';
import { type AlibabaOptions, type SimulatedAlibaba, simulatedAlibaba } from './alibaba/cloud.ts';
import type { AuditPace } from './aws/audit-state.ts';
import { answerAws } from './aws/endpoint.ts';
import { mutate } from './aws/mutations/mutate.ts';
import type { Made, Mutation } from './aws/mutations/scene.ts';
import { fillOrganization, type OrganizationOptions } from './aws/organization.ts';
import { type AccountSeed, type Hub, type SeededAccount, seedAccounts, seedHub } from './aws/seed-world.ts';
import { createWorld, type World } from './aws/world.ts';
import { type CallLog, createCallLog } from './calls.ts';
import type { SimulatedCloud } from './cloud.ts';
import { answerControl, CONTROL_PREFIX, type Controlled } from './control.ts';
import { describeSimulator } from './describe.ts';
import { createFaults, type Faults } from './faults.ts';
import type { History } from './history.ts';
import { seededRandom } from './random.ts';
import { listen } from './server.ts';
import { type SimulatedClock, simulatedClock } from './simulated-clock.ts';
import { type SimulatedTencent, simulatedTencent, type TencentOptions } from './tencent/cloud.ts';
import type { WireReply } from './wire.ts';

const HOUR_MS = 3_600_000;

export interface SimulatorOptions {
  /** The time inside the clouds; the control plane moves it on top. */
  readonly clock: Clock;
  /** Signatures and sessions are judged by this one: SDKs use the machine's clock. */
  readonly wallClock?: Clock;
  /** False: a signature may be of any time. */
  readonly checksSkew?: boolean;
  readonly accounts?: number | readonly AccountSeed[];
  readonly usersPerAccount?: number;
  readonly seed?: number;
  /** How long a credential report is kept before a new one can be made. */
  readonly cacheWindowMs?: number;
  readonly buildMs?: number;
  /** After this ReportExpired is answered; never, when absent. */
  readonly expireMs?: number;
  /** How AWS answers audits. */
  readonly audits?: Partial<AuditPace>;
  readonly port?: number;
  readonly partition?: string;
  readonly hubAccountId?: string;
  readonly roleName?: string;
  readonly externalId?: string;
  readonly maxCalls?: number;
  /** The hub's account is the management account of it. */
  readonly organization?: OrganizationOptions;
  /** Without it there is no Alibaba Cloud. */
  readonly alibaba?: AlibabaOptions;
  /** Without it there is no Tencent Cloud. */
  readonly tencent?: TencentOptions;
}

export interface Simulator {
  readonly url: string;
  readonly hub: Hub;
  readonly accounts: readonly SeededAccount[];
  readonly world: World;
  readonly clock: SimulatedClock;
  readonly calls: CallLog;
  readonly history: History;
  readonly faults: Faults;
  readonly alibaba: SimulatedAlibaba | undefined;
  readonly tencent: SimulatedTencent | undefined;
  /** All that are there beside AWS. */
  readonly clouds: readonly SimulatedCloud[];
  mutate(mutation: Mutation): Made;
  close(): Promise<void>;
}

/** Clouds on loopback that real SDKs cannot tell from the real ones. The same seed makes the same world. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { seed = 1, wallClock = systemClock() } = options;
  const clock = simulatedClock(options.clock);
  const calls = createCallLog(options.maxCalls ?? 200_000);
  const faults = createFaults(seededRandom(seed, 'faults'));
  const { world, hub, accounts } = seededWorld(options, clock, seed);
  const wallNow = () => wallClock.now();
  const random = seededRandom(seed, 'sessions');
  const gate = { world, sessions: new Map(), checksSkew: options.checksSkew ?? true, random, wallNow };
  const pause = (ms: number, signal: AbortSignal) => wallClock.sleepUntil(wallClock.now() + ms, signal);
  const common = { seed, clock, calls, faults, pause, wallNow, checksSkew: gate.checksSkew };
  const alibaba =
    options.alibaba && simulatedAlibaba({ ...common, ...sharedBy(world, options), options: options.alibaba });
  const tencent =
    options.tencent && simulatedTencent({ ...common, ...sharedBy(world, options), options: options.tencent });
  const clouds: readonly SimulatedCloud[] = [alibaba, tencent].filter((cloud) => cloud !== undefined);
  const parts = { hub, accounts, world, clock, calls, faults, history: world.history, alibaba, tencent, clouds };
  const controlled: Controlled = { ...parts, describe: () => describeSimulator(simulator) };
  const listening = await listen(options.port ?? 0, async (request) => {
    if (request.path.startsWith(CONTROL_PREFIX)) return answerControl(controlled, request);
    const cloud = clouds.find((candidate) => candidate.takes(request));
    const reply = await (cloud?.answer(request) ?? answerAws({ gate, faults, calls, pause }, request));
    return dated(reply, wallNow());
  });
  const simulator: Simulator = { ...parts, ...listening, mutate: (mutation) => mutate(world, mutation) };
  return simulator;
}

/** By the clock that signatures are judged by. */
function dated(reply: WireReply, now: Instant): WireReply {
  if (reply.kind !== 'answer') return reply;
  return { ...reply, headers: { date: new Date(now).toUTCString(), ...reply.headers } };
}

/** One history, one list of reports and one pace for all clouds. */
function sharedBy(world: World, { roleName = 'muster-audit', externalId = 'muster-demo' }: SimulatorOptions) {
  const { cacheWindowMs, buildMs } = world.pace;
  return { history: world.history, reports: world.reports, cacheWindowMs, buildMs, roleName, externalId };
}

function seededWorld(options: SimulatorOptions, clock: SimulatedClock, seed: number) {
  const { accounts = 3, usersPerAccount = 12, roleName = 'muster-audit', externalId = 'muster-demo' } = options;
  const world = createWorld({
    partition: options.partition ?? 'aws',
    seed,
    clock,
    hubAccountId: options.hubAccountId ?? '111122223333',
    pace: {
      cacheWindowMs: options.cacheWindowMs ?? 4 * HOUR_MS,
      buildMs: options.buildMs ?? 2_000,
      expireMs: options.expireMs,
    },
    auditPace: options.audits ?? {},
  });
  const hub = seedHub(world);
  const seeds = typeof accounts === 'number' ? Array.from({ length: accounts }, () => ({})) : accounts;
  const seeded = seedAccounts(world, { accounts: seeds, usersPerAccount, roleName, externalId });
  const ids = seeded.map(({ id }) => id);
  fillOrganization(world, ids, options.organization ?? {});
  return { world, hub, accounts: seeded };
}
