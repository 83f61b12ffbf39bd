import { onTestFinished } from 'vitest';
import type { Account } from '../../src/domain/account.ts';
import type { Happening } from '../../src/domain/happening.ts';
import type { Member, Organization } from '../../src/domain/organization.ts';
import { Secret } from '../../src/kit/secret.ts';
import { alibaba } from '../../src/providers/alibaba/index.ts';
import type { Connection, Directory, Provider } from '../../src/providers/provider.ts';
import { tencent } from '../../src/providers/tencent/index.ts';
import type { MemberRoll, RollOptions } from '../../src/simulator/member-roll.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { type MovableClock, movableClock } from './movable-clock.ts';
import { organization } from './organization.ts';

/** What the tests of both clouds need to know of one. */
export interface OrganizedCloud {
  readonly provider: Provider;
  /** Lists the members; tells who the management account is. */
  readonly actions: readonly [list: string, describe: string];
  readonly pageSize: number;
  seed(options: OrganizedOptions): Readonly<Record<string, unknown>>;
  roll(simulator: Simulator): MemberRoll;
  accounts(simulator: Simulator): readonly { readonly id: string; readonly roleArn: string }[];
  key(simulator: Simulator, secret?: string): object;
}

export interface OrganizedOptions {
  readonly accounts: number;
  readonly organization?: RollOptions;
}

export const ORGANIZED: readonly OrganizedCloud[] = [
  {
    provider: alibaba,
    actions: ['ListAccounts', 'GetResourceDirectory'],
    pageSize: 100,
    seed: (options) => ({ alibaba: { usersPerAccount: 0, ...options } }),
    roll: ({ alibaba: cloud }) => cloud!.world.directory,
    accounts: ({ alibaba: cloud }) => cloud!.accounts,
    key: ({ alibaba: cloud }, secret = cloud!.hub.accessKeySecret) => ({
      access_key: { access_key_id: cloud!.hub.accessKeyId, access_key_secret: new Secret(secret, '${env:KEY}') },
    }),
  },
  {
    provider: tencent,
    actions: ['DescribeOrganizationMembers', 'DescribeOrganization'],
    pageSize: 50,
    seed: (options) => ({ tencent: { usersPerAccount: 0, ...options } }),
    roll: ({ tencent: cloud }) => cloud!.world.organization,
    accounts: ({ tencent: cloud }) => cloud!.accounts,
    key: ({ tencent: cloud }, secret = cloud!.hub.secretKey) => ({
      secret: { secret_id: cloud!.hub.secretId, secret_key: new Secret(secret, '${env:KEY}') },
    }),
  },
];

export interface OrganizationBench {
  readonly simulator: Simulator;
  readonly roll: MemberRoll;
  readonly accounts: ReturnType<OrganizedCloud['accounts']>;
  readonly happenings: Happening[];
  settings(given?: Readonly<Record<string, unknown>>): unknown;
  directory(change?: Partial<Organization>): Promise<Directory>;
  list(change?: Partial<Organization>): Promise<readonly Member[]>;
  member(id: string, settings?: unknown): Promise<Connection>;
  calls(action: string, account?: string): number;
}

/** The real SDK against a simulated organisation; time passes for whoever waits for it. */
export async function organizationBench(cloud: OrganizedCloud, options: OrganizedOptions): Promise<OrganizationBench> {
  const { provider } = cloud;
  const clock = movableClock();
  const simulator = await startSimulator({ clock, accounts: 0, ...cloud.seed(options) });
  onTestFinished(() => simulator.close());
  const happenings: Happening[] = [];
  const tools = { clock: running(clock), observe: (one: Happening) => void happenings.push(one) };
  const settings: OrganizationBench['settings'] = (given = {}) =>
    provider.organization!.settings.parse({
      auth: cloud.key(simulator),
      role: 'muster-audit',
      external_id: 'muster-demo',
      endpoint: simulator.url,
      timeout: '5s',
      ...given,
    });
  const directory: OrganizationBench['directory'] = async (change) => {
    const of = organization({ provider: provider.name, labelsFromTags: [], settings: settings(), ...change });
    const made = await provider.organization!.connect(of, tools);
    onTestFinished(() => made.close());
    return made;
  };
  return {
    simulator,
    roll: cloud.roll(simulator),
    accounts: cloud.accounts(simulator),
    happenings,
    settings,
    directory,
    list: async (change) => (await directory(change)).list(new AbortController().signal),
    member: (id, given = settings()) => memberOf(provider, id, given, tools),
    calls: (action, account) =>
      simulator.calls.list().filter((call) => call.action === action && (account ?? call.account) === call.account)
        .length,
  };
}

async function memberOf(provider: Provider, id: string, settings: unknown, tools: Parameters<Provider['connect']>[1]) {
  const account: Account = {
    provider: provider.name,
    id,
    name: 'member',
    labels: {},
    reports: {},
    settings: provider.organization!.member(organization({ provider: provider.name, settings }), id),
  };
  const connection = await provider.connect(account, tools);
  onTestFinished(() => connection.close());
  return connection;
}

/** Nobody moves the clock here, so whoever waits for it moves it. */
function running(clock: MovableClock): MovableClock {
  return {
    ...clock,
    now: () => clock.now(),
    sleepUntil: async (instant) => clock.move(Math.max(0, instant - clock.now())),
  };
}
