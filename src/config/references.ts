import path from 'node:path';
import { Fault } from '../domain/fault.ts';
import { knownText } from '../kit/known-text.ts';
import { Secret } from '../kit/secret.ts';
import { didYouMean } from '../kit/suggest.ts';
import type { SecretStorePlugin } from '../secrets/store.ts';
import type { Diagnostics } from './diagnostics.ts';
import { looksKeyId, looksSecret } from './literal-secrets.ts';
import { filePiece, fixedPiece, joined, type Piece, type SecretStores, storedPiece } from './live-references.ts';
import type { Located, LocatedMap, LocatedScalar } from './located.ts';
import { readSecretFile } from './secret-file.ts';

export interface ReferenceTools {
  readonly env: NodeJS.ProcessEnv;
  /** The config file's folder. */
  readonly folder: string;
  readonly diagnostics: Diagnostics;
  readonly stores: SecretStores;
}

const ESCAPE = '$${';
// The escape first: it is not a reference
const TOKEN = /\$\$\{|\$\{([^}]*)(\}?)/g;

/** The tree with every `${…}` looked up; what held one is a Secret from then on. Literal secrets are refused. */
export function resolveReferences(root: Located, tools: ReferenceTools): Promise<Located> {
  const done = new Map<Located, Promise<Located>>();
  const resolve = (node: Located): Promise<Located> => {
    const resolved = done.get(node) ?? resolveNode(node, tools, resolve);
    done.set(node, resolved);
    return resolved;
  };
  return resolve(root);
}

type Resolve = (node: Located) => Promise<Located>;

async function resolveNode(node: Located, tools: ReferenceTools, resolve: Resolve): Promise<Located> {
  switch (node.kind) {
    case 'scalar':
      return resolveScalar(node, tools);
    case 'list': {
      const items: Located[] = [];
      for (const item of node.items) items.push(await resolve(item));
      return { ...node, items };
    }
    case 'map':
      return resolveMap(node, tools, resolve);
  }
}

async function resolveMap(map: LocatedMap, tools: ReferenceTools, resolve: Resolve): Promise<LocatedMap> {
  const entries = new Map(map.entries);
  for (const [key, entry] of map.entries) {
    const looks = looksSecret(key);
    if (looks !== undefined) {
      tools.diagnostics.hide(key, '[secret]');
      tools.diagnostics.complain(map, entry.keyPlace, `this key looks like ${looks}: secrets do not belong here`);
    }
    entries.set(key, { ...entry, node: await resolve(entry.node) });
  }
  return { ...map, entries };
}

async function resolveScalar(node: LocatedScalar, tools: ReferenceTools): Promise<Located> {
  if (typeof node.value !== 'string') return node;
  const written = node.value;
  const { pieces, references, problems } = await interpolate(written, node, tools);
  const source = joined(pieces);
  if (references === 0) return refuseLiteral({ ...node, value: source.read() }, source.read(), tools);
  const scalar: LocatedScalar = { ...node, value: new Secret(source, written) };
  hide(scalar.value, tools);
  if (problems.length === 0) return refuseLiteral(scalar, written.replace(TOKEN, ''), tools);
  tools.diagnostics.reject(scalar, problems.join('; '));
  return scalar;
}

/** What is not known yet cannot show up. */
function hide(secret: LocatedScalar['value'], { diagnostics }: ReferenceTools): void {
  const value = secret instanceof Secret ? knownText(secret) : undefined;
  if (secret instanceof Secret && value !== undefined) diagnostics.hide(value, secret.reference);
}

async function interpolate(written: string, node: Located, tools: ReferenceTools) {
  const problems: string[] = [];
  const pieces: Piece[] = [];
  let [end, references] = [0, 0];
  for (const match of written.matchAll(TOKEN)) {
    pieces.push(fixedPiece(written.slice(end, match.index)));
    end = match.index + match[0].length;
    if (match[0] === ESCAPE) {
      pieces.push(fixedPiece('${'));
      continue;
    }
    references += 1;
    const found = await lookUp(match[1] ?? '', match[2] === '}', node, tools);
    if ('problem' in found) problems.push(found.problem);
    else pieces.push(found.piece);
  }
  return { pieces: [...pieces, fixedPiece(written.slice(end))], references, problems };
}

function refuseLiteral(node: LocatedScalar, literal: string, tools: ReferenceTools): Located {
  const looks = looksSecret(literal);
  if (looks === undefined || mayBeNamed(node, literal)) return node;
  tools.diagnostics.hide(literal, '[secret]');
  tools.diagnostics.reject(node, `looks like ${looks}: give it by reference, "\${env:NAME}" or "\${file:/path}"`);
  return node;
}

/** A check may be told which key it is about: the id of a key opens nothing. */
function mayBeNamed({ path: at }: LocatedScalar, literal: string): boolean {
  return at.startsWith('checks.') && looksKeyId(literal);
}

type Found = { readonly piece: Piece } | { readonly problem: string };

async function lookUp(body: string, isClosed: boolean, node: Located, tools: ReferenceTools): Promise<Found> {
  if (!isClosed) return { problem: `a reference is not closed: ${howTo(tools)}` };
  const colon = body.indexOf(':');
  const [scheme, name] = [body.slice(0, Math.max(0, colon)), body.slice(colon + 1).trim()];
  if (scheme === 'env' && /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return fromEnvironment(name, tools);
  if (scheme === 'file' && name !== '' && !name.includes('\0')) return fromFile(name, node, tools);
  const plugin = tools.stores.plugin(scheme);
  if (plugin === undefined) return { problem: `not a reference: ${howTo(tools)}` };
  if (!plugin.isName(name)) return { problem: `not a reference: write ${plugin.hint}` };
  return fromStore(plugin, name, node, tools);
}

function howTo({ stores }: ReferenceTools): string {
  return `write ${['${env:NAME}', '${file:/path}', ...stores.hints].join(' or ')}; a plain \${ is written $\${`;
}

function fromEnvironment(name: string, { env, diagnostics }: ReferenceTools): Found {
  const value = env[name];
  if (value === undefined) return { problem: `the variable ${name} is not set${didYouMean(name, Object.keys(env))}` };
  if (value === '') return { problem: `the variable ${name} is empty` };
  diagnostics.hide(value, `\${env:${name}}`);
  return { piece: fixedPiece(value) };
}

async function fromFile(name: string, node: Located, { folder, diagnostics }: ReferenceTools): Promise<Found> {
  const file = path.resolve(folder, name);
  const read = await readSecretFile(file);
  if ('problem' in read) return { problem: `the secret file ${name} ${read.problem}` };
  if (read.isOpenToOthers) {
    const message = `others on this machine can read the secret file ${name} (mode ${read.mode}): chmod 600 it`;
    diagnostics.warn(node.place, `${node.path}: ${message}`);
  }
  diagnostics.hide(read.value, `\${file:${name}}`);
  return { piece: filePiece(file, read.value) };
}

/** A place that does not answer now may later: only what it says to be wrong is a mistake. */
async function fromStore(
  plugin: SecretStorePlugin,
  name: string,
  node: Located,
  tools: ReferenceTools,
): Promise<Found> {
  const { stores, diagnostics } = tools;
  const ask = (isRefused: boolean) => stores.opened(plugin).read(name, isRefused);
  try {
    const value = await ask(false);
    diagnostics.hide(value, `\${${plugin.scheme}:${name}}`);
    return { piece: storedPiece(ask, value) };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    if (error.kind === 'misconfigured') return { problem: error.message };
    diagnostics.warn(node.place, `${node.path}: ${error.message}; it is asked for again when it is needed`);
    return { piece: storedPiece(ask, error) };
  }
}
