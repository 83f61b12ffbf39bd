import type { Account } from '../domain/account.ts';
import { Fault } from '../domain/fault.ts';
import type { Instant } from '../domain/instant.ts';
import type { Organization } from '../domain/organization.ts';
import type { Releasers } from '../kit/releasers.ts';
import type { Connection, Directory, OrganizationPlugin, ProviderTools } from '../providers/provider.ts';
import { providers } from '../providers/registry.ts';

/** Each holds its clients and sockets, some 150 kB; these are far more than there are workers. */
const MOST_IDLE = 100;
/** Longer than anything waits that was begun: a report that is being made, a retry. The next look is hours away. */
const IDLE_MS = 15 * 60_000;

interface Open {
  readonly account: Account;
  readonly connection: Promise<Connection>;
  /** Calls that have not come back. */
  active: number;
  usedAt: Instant;
  isClosing: boolean;
}

/**
 * One connection per account, shared by its report kinds and their one pace. Those that nobody uses are closed: the one that was not used for
 * longest when there are many, and all after a while, for an account is asked for seconds, every few hours. One in use never is: a large account
 * takes half an hour, in which hundreds of small ones come and go.
 */
export function connectionsOf(
  tools: ProviderTools,
  releasers: Releasers,
  connectTo = connect,
): (account: Account) => Promise<Connection> {
  /** Least recently used first. */
  const open = new Map<string, Open>();
  releasers.push(async () => {
    for (const one of open.values()) await close(one);
  });
  const touch = (key: string, one: Open) => {
    one.usedAt = tools.clock.now();
    if (open.get(key) !== one) return;
    open.delete(key);
    open.set(key, one);
  };
  return (account) => {
    const key = `${account.provider}/${account.id}`;
    const known = open.get(key);
    if (known !== undefined && isSame(known.account, account)) {
      touch(key, known);
      return known.connection;
    }
    if (known !== undefined) retire(known);
    open.delete(key);
    const made: Open = { account, connection: opened(), active: 0, usedAt: tools.clock.now(), isClosing: false };
    open.set(key, made);
    made.connection.catch(() => open.get(key) === made && open.delete(key)); // a failure is not remembered
    retireIdle(open, made, tools.clock.now());
    return made.connection;

    async function opened(): Promise<Connection> {
      const connection = await connectTo(account, tools);
      return counted(connection, made, () => touch(key, made));
    }
  };
}

function retireIdle(open: Map<string, Open>, made: Open, now: Instant): void {
  for (const [key, one] of open) {
    const isDone = one.active === 0 && (open.size > MOST_IDLE || one.usedAt + IDLE_MS <= now);
    if (!isDone || one === made) continue;
    open.delete(key);
    retire(one);
  }
}

/** Closed at once, or by whoever uses it last. */
function retire(one: Open): void {
  one.isClosing = true;
  if (one.active === 0) void close(one);
}

/** Knows when it is in use. */
function counted(connection: Connection, one: Open, touch: () => void): Connection {
  const using = async <T>(call: Promise<T>): Promise<T> => {
    one.active += 1;
    try {
      return await call;
    } finally {
      one.active -= 1;
      touch();
      if (one.isClosing && one.active === 0) connection.close();
    }
  };
  return {
    ...connection,
    identify: (signal) => using(connection.identify(signal)),
    probe: (signal) => using(connection.probe(signal)),
    next: (kind, look) => using(connection.next(kind, look)),
  };
}

/** A team may change its file; the settings of a member are made anew at each look, from what does not change. */
function isSame(one: Account, other: Account): boolean {
  return one.organization === other.organization && (one.organization !== undefined || one.settings === other.settings);
}

async function close({ connection }: Open): Promise<void> {
  await connection.then(
    (opened) => opened.close(),
    () => undefined, // it never opened
  );
}

async function connect(account: Account, tools: ProviderTools): Promise<Connection> {
  const provider = providers.find(({ name }) => name === account.provider);
  if (provider === undefined)
    throw new Fault('misconfigured', `account ${account.name}: no provider ${account.provider}`);
  return provider.connect(account, tools);
}

/** One directory per organisation, kept for the life of the process. */
export function directoriesOf(
  tools: ProviderTools,
  releasers: Releasers,
): (organization: Organization) => Promise<Directory> {
  const open = new Map<Organization, Promise<Directory>>();
  const connectTo = async (organization: Organization) => {
    const directory = await organizationPlugin(organization).connect(organization, tools);
    releasers.push(() => directory.close());
    return directory;
  };
  return (organization) => {
    const directory = open.get(organization) ?? connectTo(organization);
    open.set(organization, directory);
    directory.catch(() => open.delete(organization)); // a failure is not remembered
    return directory;
  };
}

export function organizationPlugin({ provider, name }: Organization): OrganizationPlugin {
  const plugin = providers.find((one) => one.name === provider)?.organization;
  if (plugin === undefined) throw new Fault('misconfigured', `organization ${name}: ${provider} has no organisations`);
  return plugin;
}
