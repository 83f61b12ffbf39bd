import { Fault } from '../../domain/fault.ts';
import type { CallLog } from '../calls.ts';
import { type SimulatedCloud, told } from '../cloud.ts';
import type { Faults } from '../faults.ts';
import { changeRoll, fillRoll, newRoll, type RollOptions } from '../member-roll.ts';
import { seededRandom } from '../random.ts';
import { act } from './activity.ts';
import { changeAudit, isAuditChange, parseActivity } from './audit-mutations.ts';
import { answerAlibaba } from './endpoint.ts';
import { type Made, type Mutation, mutate, parseMutation } from './mutate.ts';
import type { Gate } from './principals.ts';
import { createQuotas } from './quotas.ts';
import { settle } from './report-machine.ts';
import {
  type AlibabaHub,
  type AlibabaPlan,
  type AlibabaSeed,
  HUB_ID,
  principalsNamed,
  type SeededAlibabaAccount,
  seedAccounts,
  seedHub,
} from './seed.ts';
import { createWorld, type World, type WorldOptions } from './world.ts';

export interface AlibabaOptions {
  readonly accounts?: number | readonly AlibabaSeed[];
  readonly usersPerAccount?: number;
  /** The cloud cuts the report into pages of so many rows. */
  readonly pageRows?: number;
  /** The hub's account is the management account of its resource directory. */
  readonly organization?: RollOptions;
}

export interface AlibabaParts
  extends Omit<WorldOptions, 'pageRows' | 'directory'>,
    Pick<AlibabaPlan, 'roleName' | 'externalId'> {
  readonly options: AlibabaOptions;
  readonly faults: Faults;
  readonly calls: CallLog;
  readonly checksSkew: boolean;
  readonly wallNow: () => number;
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
}

export interface SimulatedAlibaba extends SimulatedCloud {
  readonly world: World;
  readonly gate: Gate;
  readonly hub: AlibabaHub;
  readonly accounts: readonly SeededAlibabaAccount[];
  change(mutation: Mutation): Made;
}

/** IMS, RAM and STS. Their calls are told from others by a header that all of them have, so one address serves all. */
export function simulatedAlibaba(parts: AlibabaParts): SimulatedAlibaba {
  const { options, faults, calls, pause, wallNow, roleName, externalId, seed, clock } = parts;
  const { history, reports, cacheWindowMs, buildMs } = parts;
  const pageRows = options.pageRows ?? 1_000;
  const directory = newRoll(HUB_ID);
  const world = createWorld({ seed, clock, history, reports, cacheWindowMs, buildMs, pageRows, directory });
  const { accounts: wanted = 1, usersPerAccount = 12 } = options;
  const hub = seedHub(world);
  const seeds = typeof wanted === 'number' ? Array.from({ length: wanted }, () => ({})) : wanted;
  const accounts = seedAccounts(world, { accounts: seeds, usersPerAccount, roleName, externalId });
  const ids = accounts.map(({ id }) => id);
  fillRoll(directory, world, ids, options.organization ?? {});
  const gate: Gate = {
    world,
    sessions: new Map(),
    nonces: new Set(),
    oidcTokens: new Map(),
    spelled: new Map(),
    checksSkew: parts.checksSkew,
    random: seededRandom(seed, 'alibaba sessions'),
    wallNow,
  };
  const endpoint = { gate, faults, calls, pause, quotas: createQuotas(() => clock.now()) };
  return {
    name: 'alibaba',
    world,
    gate,
    hub,
    accounts,
    takes: ({ headers }) => headers['x-acs-action'] !== undefined,
    answer: (request) => answerAlibaba(endpoint, request),
    has: (accountId) => world.accounts.has(accountId),
    change: (mutation) => mutate(world, mutation),
    mutate: (mutation) =>
      isAuditChange(mutation) ? changeAudit(world, mutation) : mutate(world, parseMutation(mutation)),
    act: (activity) => act(world, parseActivity(activity)).id,
    activityOf: (accountId) => told(world.accounts.get(accountId)?.audit.events ?? []),
    allow: (account, principal, allow) => {
      const named = principalsNamed(world, account, principal);
      for (const found of named) found.allow = allow;
      return named.length;
    },
    changeOrganization: (change) => changeRoll(directory, world, change),
    injectReport: (accountId, bytes) => injectReport(world, accountId, bytes),
    describe: (url) => describe(url, hub, accounts),
  };
}

function injectReport(world: World, accountId: string, bytes: Buffer | undefined): void {
  const account = world.accounts.get(accountId);
  if (account === undefined) throw new Fault('misconfigured', `there is no account ${accountId}`);
  settle(world, account);
  account.report.injected = bytes;
}

function describe(url: string, hub: AlibabaHub, accounts: readonly SeededAlibabaAccount[]) {
  return {
    endpoints: { ims: url, ram: url, sts: url, actiontrail: url, resourcemanager: url },
    credentials: { access_key_id: hub.accessKeyId, access_key_secret: hub.accessKeySecret },
    accounts: accounts.map(({ id, name, roleName, roleArn, externalId }) => ({
      provider: 'alibaba',
      account_id: id,
      name,
      role: roleName,
      role_arn: roleArn,
      external_id: externalId,
    })),
  };
}
