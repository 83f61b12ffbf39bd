import path from 'node:path';
import { z } from 'zod';
import { EVENT_KINDS, FINDING_POLICIES, INVENTORY_POLICIES } from '../domain/event.ts';
import { parseInstant } from '../domain/instant.ts';
import { parseSinkName, type SinkName } from '../domain/names.ts';
import { text } from '../kit/schema.ts';
import { Secret } from '../kit/secret.ts';
import type { SinkConfig } from './config.ts';
import type { Diagnostics } from './diagnostics.ts';
import { child, type Located, type LocatedMap, textOf } from './located.ts';
import { type Keys, keysOfSchema, parseBoth } from './plugin-keys.ts';
import type { Registries } from './registries.ts';
import { Unique } from './unique.ts';

/** The keys that every sink has, whatever its type. */
export function sinkCore(registries: Registries) {
  return z.object({
    name: sinkName(),
    type: z.enum(registries.sinkPlugins.map((plugin) => plugin.type)),
    format: z.enum(registries.formats.map((format) => format.name)).default('plain'),
    events: z
      .array(z.enum(EVENT_KINDS))
      .min(1)
      .default([...EVENT_KINDS]),
    inventory: z
      .enum(INVENTORY_POLICIES)
      .default('changed+daily')
      .describe('which inventory and access events are sent'),
    findings: z
      .enum(FINDING_POLICIES)
      .default('changed+daily')
      .describe('changed: what opens and closes; changed+daily: once a day what is open, too'),
    start: start().default('now').describe('where a new sink begins: now, all, a date or a time; default: now'),
  });
}

function sinkName(): z.ZodType<SinkName> {
  return text().transform((value, context): SinkName => {
    const name = parseSinkName(value);
    if (name !== undefined) return name;
    context.addIssue({ code: 'custom', message: 'must be lower-case letters, digits and hyphens, at most 63' });
    return z.NEVER;
  });
}

function start(): z.ZodType<string> {
  return text().refine(isStart, 'must be now, all, a date (2026-01-31) or a time in UTC (2026-01-31T00:00:00Z)');
}

function isStart(value: string): boolean {
  if (value === 'now' || value === 'all') return true;
  const day = /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : value.slice(0, 10);
  const instant = parseInstant(day === value ? `${day}T00:00:00Z` : value);
  const midnight = parseInstant(`${day}T00:00:00Z`);
  // 2026-02-31 is read as the 3rd of March
  return instant !== undefined && midnight !== undefined && new Date(midnight).toISOString().startsWith(day);
}

export interface SinkTools {
  readonly registries: Registries;
  /** The config file's. */
  readonly folder: string;
  readonly diagnostics: Diagnostics;
}

export function sinksOf(list: Located | undefined, tools: SinkTools): readonly SinkConfig[] {
  const names = new Unique('sink name', tools.diagnostics);
  const core = keysOfSchema(sinkCore(tools.registries));
  const plugins = new Map(tools.registries.sinkPlugins.map((one) => [one.type, keysOfSchema(one.settings)]));
  const sinks: SinkConfig[] = [];
  for (const item of list?.kind === 'list' ? list.items : []) {
    if (item.kind === 'map') sinks.push(...sinkOf(item, core, plugins, names, tools));
    else tools.diagnostics.reject(item, 'must be a mapping with a name and a type');
  }
  return sinks;
}

type Core = z.infer<ReturnType<typeof sinkCore>>;

function sinkOf(
  item: LocatedMap,
  core: Keys<Core>,
  plugins: ReadonlyMap<string, Keys<unknown>>,
  names: Unique,
  { folder, diagnostics }: SinkTools,
): readonly SinkConfig[] {
  const plugin = plugins.get(textOf(child(item, 'type')) ?? '');
  const tree = plugin?.names.includes('path') === true ? withAbsolutePath(item, folder) : item;
  const { common, own } = parseBoth(tree, core, plugin, diagnostics);
  const name = child(item, 'name');
  if (name?.kind === 'scalar' && typeof name.value !== 'number') names.add(textOf(name) ?? '', name);
  if (common === undefined || own === undefined) return [];
  return [{ ...common, events: [...new Set(common.events)], settings: own.settings }];
}

/** A sink's `path` is relative to the config file, like every path in it. */
function withAbsolutePath(sink: LocatedMap, folder: string): LocatedMap {
  const entry = sink.entries.get('path');
  if (entry?.node.kind !== 'scalar') return sink;
  const { value } = entry.node;
  const absolute = absolutePath(value, folder);
  const entries = new Map(sink.entries);
  return { ...sink, entries: entries.set('path', { ...entry, node: { ...entry.node, value: absolute } }) };
}

function absolutePath<T>(value: T, folder: string): T | string | Secret {
  if (typeof value === 'string' && value !== '') return path.resolve(folder, value);
  if (value instanceof Secret) return new Secret(path.resolve(folder, value.reveal()), value.reference);
  return value;
}
