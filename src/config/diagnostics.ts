import path from 'node:path';
import { knownText } from '../kit/known-text.ts';
import { Secret } from '../kit/secret.ts';
import { ConfigError, type Diagnostic, formatDiagnostic } from './config-error.ts';
import type { Located, Place } from './located.ts';

// Shorter ones would turn up in our own words; see `named` for those
const SHORTEST_SECRET = 8;

/** Collects the mistakes of one config, so that all are told at once, each once, and no secret with them. */
export class Diagnostics {
  readonly #file: string;
  readonly #found = new Map<string, Diagnostic>();
  readonly #broken = new Set<Located>();
  readonly #secrets = new Map<string, string>();

  constructor(file: string) {
    this.#file = file;
  }

  /** The file's: where relative paths begin. */
  get folder(): string {
    return path.dirname(path.resolve(this.#file));
  }

  /** Something is wrong with this value. Only the first complaint about a value is kept: the rest follows from it. */
  reject(node: Located, message: string): void {
    if (this.#broken.has(node)) return;
    this.#broken.add(node);
    this.error(node.place, named(node, message));
  }

  /** Something is wrong in or near this value; there may be more. */
  complain(node: Located, place: Place, message: string): void {
    if (!this.#broken.has(node)) this.error(place, named(node, message));
  }

  error(place: Place, message: string): void {
    this.#add({ file: this.#file, ...place, message, severity: 'error' });
  }

  warn(place: Place, message: string): void {
    this.#add({ file: this.#file, ...place, message, severity: 'warning' });
  }

  /** From now on no message shows this value. */
  hide(value: string, as: string): void {
    if (value.length >= SHORTEST_SECRET) this.#secrets.set(value, as);
  }

  get hasErrors(): boolean {
    return [...this.#found.values()].some((found) => found.severity === 'error');
  }

  throwIfErrors(): void {
    if (this.hasErrors) throw new ConfigError(this.#sorted());
  }

  warnings(): readonly string[] {
    return this.#sorted().map(formatDiagnostic);
  }

  #add(diagnostic: Diagnostic): void {
    this.#found.set(`${diagnostic.line}:${diagnostic.column}:${diagnostic.message}`, diagnostic);
  }

  #sorted(): readonly Diagnostic[] {
    return [...this.#found.values()]
      .map((found) => ({ ...found, message: this.#scrub(found.message) }))
      .sort((a, b) => a.line - b.line || a.column - b.column);
  }

  #scrub(message: string): string {
    const longestFirst = [...this.#secrets].sort(([a], [b]) => b.length - a.length);
    return longestFirst.reduce((text, [value, as]) => text.replaceAll(value, () => as), message);
  }
}

function named(node: Located, message: string): string {
  const path = node.path === '' ? '' : `${node.path}: `;
  return path + (node.kind === 'scalar' && node.value instanceof Secret ? withoutValue(message, node.value) : message);
}

function withoutValue(message: string, secret: Secret): string {
  const value = knownText(secret);
  return value === undefined || value.length < 3 ? message : message.replaceAll(value, () => secret.reference);
}
