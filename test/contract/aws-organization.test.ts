import { afterEach, expect, test } from 'vitest';
import type { Account } from '../../src/domain/account.ts';
import { Fault } from '../../src/domain/fault.ts';
import type { Happening } from '../../src/domain/happening.ts';
import type { Organization } from '../../src/domain/organization.ts';
import { Secret } from '../../src/kit/secret.ts';
import { aws } from '../../src/providers/aws/index.ts';
import type { Connection, Directory } from '../../src/providers/provider.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from '../../src/simulator/simulator.ts';
import { type MovableClock, movableClock } from '../kit/movable-clock.ts';
import { organization } from '../kit/organization.ts';

const signal = new AbortController().signal;
const open: { close(): unknown }[] = [];

let clock: MovableClock;
let simulator: Simulator;
const happenings: Happening[] = [];

afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close();
  happenings.length = 0;
});

test.each([
  ['both', false],
  ['state', true],
  ['status', true],
] as const)(
  'all members are listed when State and Status are told as %s, with empty pages: %s',
  async (form, emptyPages) => {
    await start({ accounts: 45, usersPerAccount: 0, organization: { form, emptyPages } });
    simulator.world.organization.members.get(simulator.accounts[3]!.id)!.state = 'SUSPENDED';

    const listed = await (await directory()).list(signal);

    expect(listed).toHaveLength(46);
    expect(listed.filter(({ isManagement }) => isManagement).map(({ id }) => id)).toEqual([simulator.hub.accountId]);
    expect(listed.filter(({ state }) => state !== 'active')).toEqual([
      expect.objectContaining({ id: simulator.accounts[3]!.id, state: 'suspended' }),
    ]);
  },
);

test('whether root users are managed centrally is asked where the config says so, and is told of the management account', async () => {
  await start({ accounts: 2, usersPerAccount: 0 });
  const told = async (of: Directory) =>
    (await of.list(signal)).flatMap(({ isManagement, rootAccess }) =>
      isManagement || rootAccess !== undefined ? [rootAccess] : [],
    );

  expect(await told(await directory())).toEqual([undefined]);
  expect(asked('ListOrganizationsFeatures')).toBe(0);

  const of = await directory({}, { root_access: true });
  expect(await told(of)).toEqual([{ isManaged: false }]);
  simulator.world.organization.rootFeatures = ['RootSessions', 'RootCredentialsManagement'];
  expect(await told(of)).toEqual([{ isManaged: true }]);
  expect(happenings).toEqual([]);

  simulator.faults.plant({ match: { action: 'ListOrganizationsFeatures' }, kind: 'error500' });
  expect(await told(of)).toEqual([{ isManaged: true }]);
  simulator.faults.clear();
  simulator.faults.plant({ match: { action: 'ListOrganizationsFeatures' }, kind: 'denied' });
  expect(await told(of)).toEqual([
    { unknown: 'central root access: iam:ListOrganizationsFeatures did not tell (denied)' },
  ]);
  expect(happenings.map(({ kind }) => kind)).toEqual(['degraded', 'degraded']);
});

test('tags are asked for when they become labels, once an hour, and their lack degrades only', async () => {
  await start({ accounts: 2, usersPerAccount: 0 });
  simulator.world.organization.members.get(simulator.accounts[0]!.id)!.tags = { bu: 'retail', other: 'x' };
  const of = await directory({ labelsFromTags: ['bu'] });

  const listed = await of.list(signal);
  await of.list(signal);

  expect(listed.find(({ id }) => id === simulator.accounts[0]!.id)?.tags).toEqual({ bu: 'retail' });
  expect(asked('ListTagsForResource')).toBe(3);

  simulator.faults.plant({ match: { action: 'ListTagsForResource' }, kind: 'denied' });
  const again = await (await directory({ labelsFromTags: ['bu'] })).list(signal);
  expect(again.every(({ tags }) => tags === undefined)).toBe(true);
  expect(happenings).toEqual([expect.objectContaining({ kind: 'degraded' })]);
});

test('listing that is denied names the organisation and the action', async () => {
  await start({ accounts: 1, usersPerAccount: 0 });
  simulator.faults.plant({ match: { action: 'ListAccounts' }, kind: 'denied' });

  const fault = await (await directory()).list(signal).catch((error: unknown) => error);

  expect(fault).toMatchObject({ kind: 'denied', message: expect.stringMatching(/^organization main: .*ListAccounts/) });
});

test("a hub whose key is gone is the organisation's fault for every member; a role that is denied is the member's own", async () => {
  await start({ accounts: 3, usersPerAccount: 0 });
  simulator.faults.plant({ match: { action: 'AssumeRole', account: simulator.accounts[0]!.id }, kind: 'denied' });
  const own = await failureOf(await member(simulator.accounts[0]!.id));
  expect(own).toMatchObject({ kind: 'denied', isShared: false });

  const broken = { secret: 'not-the-secret' };
  const [one, other] = [
    await member(simulator.accounts[1]!.id, broken),
    await member(simulator.accounts[2]!.id, broken),
  ];
  for (const connection of [one, other]) {
    const fault = await failureOf(connection);
    expect(fault).toBeInstanceOf(Fault);
    expect(fault).toMatchObject({
      kind: 'denied',
      isShared: true,
      message: expect.stringContaining('organization main'),
    });
    expect(String(fault)).not.toContain(broken.secret);
  }
});

test('a hub that is itself a role is assumed once for the list and all members', async () => {
  await start({ accounts: 3, usersPerAccount: 0 });
  const [hub, ...rest] = simulator.accounts;
  const role = simulator.world.accounts.get(hub!.id)!.roles.get(hub!.roleName)!;
  role.allow = '*';
  for (const { id, roleName } of rest)
    Object.assign(simulator.world.accounts.get(id)!.roles.get(roleName)!, {
      trusts: [`arn:aws:iam::${hub!.id}:root`],
    });
  const settings = settingsOf({ through: { role: hub!.roleArn, external_id: hub!.externalId } });
  const connections = [];
  for (const { id } of rest) connections.push(await member(id, {}, settings));

  await Promise.all(connections.map((connection) => connection.identify(signal)));

  expect(
    simulator.calls.list(0).filter((call) => call.action === 'AssumeRole' && call.account === hub!.id),
  ).toHaveLength(1);
});

async function start(options: Partial<SimulatorOptions>): Promise<void> {
  clock = movableClock();
  simulator = await startSimulator({ clock, ...options });
  open.push(simulator);
}

interface Broken {
  readonly secret?: string;
}

function settingsOf({
  secret,
  through,
  ...own
}: Broken & { readonly through?: object; readonly root_access?: boolean } = {}): unknown {
  const { accessKeyId, secretAccessKey } = simulator.hub;
  const key = {
    access_key: {
      access_key_id: accessKeyId,
      secret_access_key: new Secret(secret ?? secretAccessKey, '${env:KEY}'),
    },
  };
  return aws.organization!.settings.parse({
    auth: through === undefined ? key : { assume_role: { ...through, base: key } },
    role: 'muster-audit',
    external_id: 'muster-demo',
    endpoint: simulator.url,
    ...own,
    timeout: '5s',
  });
}

async function directory(change: Partial<Organization> = {}, own = {}): Promise<Directory> {
  const tools = { clock: running(clock), observe: (one: Happening) => void happenings.push(one) };
  const made = await aws.organization!.connect(organization({ ...change, settings: settingsOf(own) }), tools);
  open.push(made);
  return made;
}

async function member(id: string, broken: Broken = {}, settings = settingsOf(broken)): Promise<Connection> {
  const of = organization({ settings });
  const account: Account = {
    provider: 'aws',
    id,
    name: 'member',
    labels: {},
    reports: {},
    settings: aws.organization!.member(of, id),
  };
  const connection = await aws.connect(account, { clock, observe: () => undefined });
  open.push(connection);
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

async function failureOf(connection: Connection): Promise<unknown> {
  return connection.identify(signal).catch((error: unknown) => error);
}

function asked(action: string): number {
  return simulator.calls.list(0).filter((call) => call.action === action).length;
}
