import { z } from 'zod';
import { collectsFrom, type Duties } from '../domain/duties.ts';
import type { Provider } from '../providers/provider.ts';
import { accountCore } from './account-core.ts';
import { child, type Located, type LocatedMap, pick, textOf } from './located.ts';
import { organizationCore } from './organization-core.ts';
import { keysOfSchema } from './plugin-keys.ts';
import type { Registries } from './registries.ts';
import { sinkCore } from './sinks.ts';

/**
 * A process that does not deliver reads no sink's own keys, and one that does not ask a cloud none of its accounts': their secrets need not be
 * where it runs. What all accounts and sinks have (ids, names, labels, reports) is read and checked as ever.
 */
export interface Needed {
  /** The registries with what is not needed made to want nothing. */
  readonly registries: Registries;
  /** The tree without the keys that are not needed, before any reference in it is looked up. */
  readonly prune: (tree: LocatedMap) => LocatedMap;
}

export function neededFor(duties: Duties, registries: Registries): Needed {
  const { providers, sinkPlugins } = registries;
  const idle = new Map(providers.filter(({ name }) => !collectsFrom(duties, name)).map((one) => [one.name, one]));
  const sinkKeys = duties.delivers ? undefined : keysOfSchema(sinkCore(registries)).names;
  const prunes: Readonly<Record<string, (node: Located) => Located>> = {
    accounts: (node) => ofEach(node, idle, (one) => keysOfSchema(accountCore(one)).names),
    organizations: (node) => ofEach(node, idle, (one) => keysOfSchema(organizationCore(one)).names),
    defaults: (node) => (node.kind === 'map' ? pruneDefaults(node, idle) : node),
    sinks: (node) => (sinkKeys === undefined ? node : eachMap(node, (item) => only(item, sinkKeys))),
  };
  return {
    registries: {
      ...registries,
      providers: providers.map((one) => (idle.has(one.name) ? wantingNothing(one) : one)),
      sinkPlugins: duties.delivers ? sinkPlugins : sinkPlugins.map((one) => ({ ...one, settings: z.object({}) })),
    },
    prune: (tree) => change(tree, (key, node) => prunes[key]?.(node) ?? node),
  };
}

/** It may be a stand-in for the cloud, of which nothing is known here: whoever asks it checks how often. */
function wantingNothing(provider: Provider): Provider {
  const { organization } = provider;
  return {
    ...provider,
    settings: z.object({}),
    isRealCloud: () => false,
    ...(organization === undefined
      ? {}
      : { organization: { ...organization, settings: z.object({}), member: () => ({}) } }),
  };
}

type KeysOf = (provider: Provider) => readonly string[];

function ofEach(list: Located, idle: ReadonlyMap<string, Provider>, keysOf: KeysOf): Located {
  return eachMap(list, (item) => {
    const provider = idle.get(textOf(child(item, 'provider')) ?? '');
    return provider === undefined ? item : only(item, keysOf(provider));
  });
}

function pruneDefaults(defaults: LocatedMap, idle: ReadonlyMap<string, Provider>): LocatedMap {
  return change(defaults, (name, node) => {
    const provider = idle.get(name);
    return provider === undefined || node.kind !== 'map' ? node : only(node, keysOfSchema(accountCore(provider)).names);
  });
}

function eachMap(list: Located, work: (item: LocatedMap) => LocatedMap): Located {
  if (list.kind !== 'list') return list;
  return { ...list, items: list.items.map((item) => (item.kind === 'map' ? work(item) : item)) };
}

function only(map: LocatedMap, keys: readonly string[]): LocatedMap {
  return pick(map, (key) => keys.includes(key));
}

function change(map: LocatedMap, to: (key: string, node: Located) => Located): LocatedMap {
  const entries = [...map.entries].map(([key, entry]) => [key, { ...entry, node: to(key, entry.node) }] as const);
  return { ...map, entries: new Map(entries) };
}
