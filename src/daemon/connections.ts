import type { Account } from '../domain/account.ts';
import { Fault } from '../domain/fault.ts';
import type { Organization } from '../domain/organization.ts';
import type { Releasers } from '../kit/releasers.ts';
import type { Connection, Directory, OrganizationPlugin, ProviderTools } from '../providers/provider.ts';
import { providers } from '../providers/registry.ts';

/** Each holds its clients and sockets, some 150 kB; these are far more than there are workers. */
const MOST_CONNECTIONS = 100;

interface Open {
  readonly account: Account;
  readonly connection: Promise<Connection>;
}

/** One connection per account, shared by its report kinds. The one that was not used for longest is closed: an account is asked for seconds, every few hours. */
export function connectionsOf(
  tools: ProviderTools,
  releasers: Releasers,
  connectTo = connect,
): (account: Account) => Promise<Connection> {
  const open = new Map<string, Open>();
  releasers.push(async () => {
    for (const one of open.values()) await close(one);
  });
  return (account) => {
    const key = `${account.provider}/${account.id}`;
    const known = open.get(key);
    const isKept = known !== undefined && isSame(known.account, account);
    const used = isKept ? known : { account, connection: connectTo(account, tools) };
    open.delete(key);
    open.set(key, used); // the newest is the last
    if (isKept) return used.connection;
    if (known !== undefined) void close(known);
    used.connection.catch(() => open.get(key) === used && open.delete(key)); // a failure is not remembered
    const [oldest] = open;
    if (open.size > MOST_CONNECTIONS && oldest !== undefined) {
      open.delete(oldest[0]);
      void close(oldest[1]);
    }
    return used.connection;
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
