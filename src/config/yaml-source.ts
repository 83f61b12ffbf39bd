import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type { Diagnostics } from './diagnostics.ts';
import type { Located, LocatedEntry, Place } from './located.ts';
import { wordsOf } from './yaml-words.ts';

const MAX_DEPTH = 64;
// What aliases may add to a file: enough for `*labels` on each of a thousand accounts, not for a bomb
const MAX_ALIASED_NODES = 10_000;

/** Text to tree. Undefined when it cannot be understood at all; the reasons are in the diagnostics. */
export function parseYaml(text: string, diagnostics: Diagnostics): Located | undefined {
  const lines = new LineCounter();
  const document = parse(text, lines);
  const placeOf = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  if (document === undefined) {
    diagnostics.error({ line: 1, column: 1 }, 'nested too deeply');
    return undefined;
  }
  const problems = [...document.errors, ...document.warnings];
  for (const problem of problems) diagnostics.error(placeOf(problem.pos[0]), wordsOf(problem.code));
  if (problems.length > 0 || document.contents === null) return undefined;
  const reader = new Reader(placeOf, diagnostics);
  return reader.read(document.contents, '', 0, { line: 1, column: 1 });
}

function parse(text: string, lineCounter: LineCounter): Document | undefined {
  try {
    return parseDocument(text, {
      lineCounter,
      prettyErrors: false, // they quote the text around, which may hold a secret
      uniqueKeys: false, // told by the reader, with the first line named
      merge: false,
      schema: 'core',
      strict: true,
      logLevel: 'error',
    });
  } catch (failure) {
    if (failure instanceof RangeError) return undefined; // call stack
    throw failure;
  }
}

/** One walk over the parsed document. */
class Reader {
  readonly #placeOf: (offset: number) => Place;
  readonly #diagnostics: Diagnostics;
  readonly #anchors = new Map<string, Located>();
  #aliasedNodes = 0;

  constructor(placeOf: (offset: number) => Place, diagnostics: Diagnostics) {
    this.#placeOf = placeOf;
    this.#diagnostics = diagnostics;
  }

  read(node: unknown, path: string, depth: number, fallback: Place): Located {
    const place = this.#place(node, fallback);
    if (depth > MAX_DEPTH) return this.#refused(place, path, 'nested too deeply');
    if (isAlias(node)) return this.#alias(node, place, path);
    const located = this.#read(node, path, depth, place);
    const anchor = isMap(node) || isSeq(node) || isScalar(node) ? node.anchor : undefined;
    if (anchor !== undefined) this.#anchors.set(anchor, located);
    return located;
  }

  #read(node: unknown, path: string, depth: number, place: Place): Located {
    if (isMap(node)) return this.#map(node, path, depth, place);
    if (isSeq(node)) return this.#list(node, path, depth, place);
    if (node === null) return { kind: 'scalar', place, path, size: 1, value: null, source: '' };
    if (isScalar(node)) return this.#scalar(node, path, place);
    return this.#refused(place, path, 'not understood: write text, a number, a list or a mapping');
  }

  #scalar(node: Scalar, path: string, place: Place): Located {
    const { value } = node;
    const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    if (!isPlain && value !== null) return this.#refused(place, path, 'not understood: write it as text, in quotes');
    return { kind: 'scalar', place, path, size: 1, value, source: node.source ?? String(value) };
  }

  #list(node: YAMLSeq, path: string, depth: number, place: Place): Located {
    const items = node.items.map((item, index) => this.read(item, `${path}[${index}]`, depth + 1, place));
    return { kind: 'list', place, path, size: sizeOf(items), items };
  }

  #map(node: YAMLMap, path: string, depth: number, place: Place): Located {
    const entries = new Map<string, LocatedEntry>();
    for (const pair of node.items) {
      const keyPlace = this.#place(pair.key, place);
      const key = this.#key(pair.key, keyPlace, entries);
      if (key === undefined) continue;
      const below = path === '' ? key : `${path}.${key}`;
      entries.set(key, { keyPlace, node: this.read(pair.value, below, depth + 1, keyPlace) });
    }
    const nodes = [...entries.values()].map((entry) => entry.node);
    return { kind: 'map', place, path, size: sizeOf(nodes), entries };
  }

  #key(node: unknown, place: Place, known: ReadonlyMap<string, LocatedEntry>): string | undefined {
    const key = isScalar(node) && node.value !== null ? node.source : undefined;
    const first = key === undefined ? undefined : known.get(key);
    if (key === undefined || key === '') this.#diagnostics.error(place, 'a key must be plain text');
    else if (key === '__proto__') this.#diagnostics.error(place, 'unknown key "__proto__"');
    else if (key === '<<') this.#diagnostics.error(place, 'merge keys (<<) are not supported: use "defaults"');
    else if (first === undefined) return key;
    else this.#diagnostics.error(place, `"${key}" is written twice (first on line ${first.keyPlace.line})`);
    return undefined;
  }

  /** The same node again, so that a mistake in it is told once. An anchor around its own alias is not known yet. */
  #alias(node: Alias, place: Place, path: string): Located {
    const target = this.#anchors.get(node.source);
    if (target === undefined) return this.#refused(place, path, `nothing above is anchored as &${node.source}`);
    this.#aliasedNodes += target.size;
    if (this.#aliasedNodes <= MAX_ALIASED_NODES) return target;
    return this.#refused(place, path, 'too many aliases: use "defaults" for what accounts share');
  }

  #refused(place: Place, path: string, message: string): Located {
    const node: Located = { kind: 'scalar', place, path, size: 1, value: null, source: '' };
    this.#diagnostics.reject(node, message);
    return node;
  }

  #place(node: unknown, fallback: Place): Place {
    const start = isPair(node) ? undefined : (node as { range?: readonly number[] | null } | null)?.range?.[0];
    return start === undefined ? fallback : this.#placeOf(start);
  }
}

function sizeOf(nodes: readonly Located[]): number {
  return nodes.reduce((sum, node) => sum + node.size, 1);
}
