import { Fault } from '../../domain/fault.ts';
import type { Instant } from '../../domain/instant.ts';
import type { CallLog } from '../calls.ts';
import { type SimulatedCloud, told } from '../cloud.ts';
import type { Faults } from '../faults.ts';
import type { History } from '../history.ts';
import { changeRoll, fillRoll, newRoll, type RollOptions } from '../member-roll.ts';
import { seededRandom } from '../random.ts';
import type { SimulatedClock } from '../simulated-clock.ts';
import { act, changeAudit, isAuditChange } from './audit-changes.ts';
import { answerTencent, isTencentCall, type TencentEndpoint } from './endpoint.ts';
import { createLimits } from './limits.ts';
import type { Allow } from './model.ts';
import { mutateTencent, parseTencentMutation, type TencentMade, type TencentMutation } from './mutate.ts';
import type { TencentGate } from './principals.ts';
import {
  HUB_ID,
  type SeededTencentAccount,
  seedTencentAccounts,
  seedTencentHub,
  type TencentAccountSeed,
  type TencentHub,
} from './seed.ts';
import { createTencentWorld, type TencentWorld, userArn } from './world.ts';

export interface TencentOptions {
  readonly accounts?: number | readonly TencentAccountSeed[];
  readonly usersPerAccount?: number;
  /** Calls of one action in any second of the simulated time. */
  readonly callsPerSecond?: number;
  /** The hub's account made it. */
  readonly organization?: RollOptions;
}

export interface SimulatedTencent extends SimulatedCloud {
  readonly hub: TencentHub;
  readonly accounts: readonly SeededTencentAccount[];
  readonly world: TencentWorld;
  readonly gate: TencentGate;
  change(mutation: TencentMutation): TencentMade;
}

export interface TencentParts {
  readonly options: TencentOptions;
  readonly seed: number;
  readonly clock: SimulatedClock;
  readonly calls: CallLog;
  readonly faults: Faults;
  readonly history: History;
  readonly checksSkew: boolean;
  readonly roleName: string;
  readonly externalId: string;
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly wallNow: () => Instant;
}

/** CAM and STS of Tencent Cloud, which has no report: only what one can be put together from. */
export function simulatedTencent(parts: TencentParts): SimulatedTencent {
  const { options, seed, clock, calls, faults, checksSkew, pause, wallNow, roleName, externalId } = parts;
  const world = createTencentWorld(seed, clock, parts.history, newRoll(HUB_ID));
  const hub = seedTencentHub(world);
  const { accounts: wanted = 1, usersPerAccount = 12, callsPerSecond = 20 } = options;
  const seeds = typeof wanted === 'number' ? Array.from({ length: wanted }, () => ({})) : wanted;
  const accounts = seedTencentAccounts(world, { accounts: seeds, usersPerAccount, roleName, externalId });
  const ids = accounts.map(({ id }) => id);
  fillRoll(world.organization, world, ids, options.organization ?? {});
  const random = seededRandom(seed, 'tencent-sessions');
  const gate: TencentGate = { world, sessions: new Map(), checksSkew, guardsIdentity: false, random, wallNow };
  const endpoint: TencentEndpoint = { gate, faults, calls, limits: createLimits(callsPerSecond), pause };
  return {
    name: 'tencent',
    hub,
    accounts,
    world,
    gate,
    takes: isTencentCall,
    answer: (request) => answerTencent(endpoint, request),
    has: (accountId) => world.accounts.has(accountId),
    change: (mutation) => mutateTencent(world, mutation),
    mutate: (mutation) =>
      isAuditChange(mutation) ? changeAudit(world, mutation) : mutateTencent(world, parseTencentMutation(mutation)),
    act: (activity) => act(world, activity),
    activityOf: (accountId) => told(world.accounts.get(accountId)?.audit.events ?? []),
    allow: (account, principal, allow) => allowThere(world, account, principal, allow),
    changeOrganization: (change) => changeRoll(world.organization, world, change),
    injectReport: () => {
      throw new Fault('misconfigured', 'Tencent Cloud has no API for a report that could be put there');
    },
    describe: (url) => ({ ...described(url, hub), accounts: accounts.map(describedAccount) }),
  };
}

/** Of roles and users, by name or ARN. */
function allowThere(world: TencentWorld, account: string | undefined, principal: string, allow: Allow): number {
  let changed = 0;
  for (const one of world.accounts.values()) {
    if (account !== undefined && one.id !== account) continue;
    const roles = [...one.roles.values()].filter(
      ({ name }) => name === principal || `qcs::cam::uin/${one.id}:roleName/${name}` === principal,
    );
    const users = [...one.users.values()].filter((user) => user.name === principal || userArn(one, user) === principal);
    for (const found of [...roles, ...users]) found.allow = allow;
    changed += roles.length + users.length;
  }
  return changed;
}

function described(url: string, { secretId, secretKey }: TencentHub) {
  return { endpoint: url, credentials: { secret_id: secretId, secret_key: secretKey }, region: 'ap-guangzhou' };
}

function describedAccount({ id, name, site, roleName, roleArn, externalId }: SeededTencentAccount) {
  return {
    provider: 'tencent',
    account_id: id,
    name,
    site,
    role: roleName,
    role_arn: roleArn,
    external_id: externalId,
  };
}
