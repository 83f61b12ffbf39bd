import { knownText } from '../kit/known-text.ts';
import type { Secret } from '../kit/secret.ts';

export interface Place {
  readonly line: number;
  readonly column: number;
}

/** YAML as a tree in which everything knows where it was written. Parts may be shared: aliases, defaults. */
export type Located = LocatedScalar | LocatedMap | LocatedList;

interface Node {
  readonly place: Place;
  /** For messages: `accounts[0].auth`; empty at the root. */
  readonly path: string;
  /** Nodes in it, itself included, shared ones counted each time. */
  readonly size: number;
}

export interface LocatedScalar extends Node {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null | Secret;
  /** As it was written: `012345678901` where the value is the number 12345678901. */
  readonly source: string;
}

export interface LocatedMap extends Node {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, LocatedEntry>;
}

export interface LocatedEntry {
  readonly keyPlace: Place;
  readonly node: Located;
}

interface LocatedList extends Node {
  readonly kind: 'list';
  readonly items: readonly Located[];
}

export function child(node: Located | undefined, key: PropertyKey): Located | undefined {
  if (node?.kind === 'map') return node.entries.get(String(key))?.node;
  if (node?.kind === 'list') return node.items[Number(key)];
  return undefined;
}

export function find(node: Located | undefined, path: readonly PropertyKey[]): Located | undefined {
  return path.reduce(child, node);
}

/** The node at the path, or the nearest one above it that was written. */
export function nearest(root: Located, path: readonly PropertyKey[]): Located {
  let node = root;
  for (const key of path) {
    const next = child(node, key);
    if (next === undefined) return node;
    node = next;
  }
  return node;
}

/** Plain values, as the schemas want them. */
export function plainValue(node: Located): unknown {
  switch (node.kind) {
    case 'scalar':
      return node.value;
    case 'list':
      return node.items.map(plainValue);
    case 'map':
      return Object.fromEntries([...node.entries].map(([key, entry]) => [key, plainValue(entry.node)]));
  }
}

/** The map with some of its keys only. */
export function pick(map: LocatedMap, isWanted: (key: string) => boolean): LocatedMap {
  return { ...map, entries: new Map([...map.entries].filter(([key]) => isWanted(key))) };
}

export function textOf(node: Located | undefined): string | undefined {
  if (node?.kind !== 'scalar' || node.value === null) return undefined;
  return typeof node.value === 'object' ? knownText(node.value) : String(node.value);
}
