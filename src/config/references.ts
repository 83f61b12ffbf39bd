import path from 'node:path';
import { Secret } from '../kit/secret.ts';
import { didYouMean } from '../kit/suggest.ts';
import type { Diagnostics } from './diagnostics.ts';
import { looksSecret } from './literal-secrets.ts';
import type { Located, LocatedMap, LocatedScalar } from './located.ts';
import { readSecretFile } from './secret-file.ts';

export interface ReferenceTools {
  readonly env: NodeJS.ProcessEnv;
  /** The config file's folder. */
  readonly folder: string;
  readonly diagnostics: Diagnostics;
}

const HOW = 'write ${env:NAME} or ${file:/path}; a plain ${ is written $${';
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
  const { text, references, problems } = await interpolate(written, node, tools);
  if (references === 0) return refuseLiteral({ ...node, value: text }, text, tools);
  const scalar: LocatedScalar = { ...node, value: new Secret(text, written) };
  tools.diagnostics.hide(text, written);
  if (problems.length === 0) return refuseLiteral(scalar, written.replace(TOKEN, ''), tools);
  tools.diagnostics.reject(scalar, problems.join('; '));
  return scalar;
}

async function interpolate(written: string, node: Located, tools: ReferenceTools) {
  const problems: string[] = [];
  let [text, end, references] = ['', 0, 0];
  for (const match of written.matchAll(TOKEN)) {
    text += written.slice(end, match.index);
    end = match.index + match[0].length;
    if (match[0] === ESCAPE) {
      text += '${';
      continue;
    }
    references += 1;
    const found = await lookUp(match[1] ?? '', match[2] === '}', node, tools);
    if ('problem' in found) problems.push(found.problem);
    else text += found.value;
  }
  return { text: text + written.slice(end), references, problems };
}

function refuseLiteral(node: LocatedScalar, literal: string, tools: ReferenceTools): Located {
  const looks = looksSecret(literal);
  if (looks === undefined) return node;
  tools.diagnostics.hide(literal, '[secret]');
  tools.diagnostics.reject(node, `looks like ${looks}: give it by reference, "\${env:NAME}" or "\${file:/path}"`);
  return node;
}

type Found = { readonly value: string } | { readonly problem: string };

async function lookUp(body: string, isClosed: boolean, node: Located, tools: ReferenceTools): Promise<Found> {
  if (!isClosed) return { problem: `a reference is not closed: ${HOW}` };
  const colon = body.indexOf(':');
  const [scheme, name] = [body.slice(0, Math.max(0, colon)), body.slice(colon + 1).trim()];
  if (scheme === 'env' && /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return fromEnvironment(name, tools);
  if (scheme === 'file' && name !== '' && !name.includes('\0')) return fromFile(name, node, tools);
  return { problem: `not a reference: ${HOW}` };
}

function fromEnvironment(name: string, { env, diagnostics }: ReferenceTools): Found {
  const value = env[name];
  if (value === undefined) return { problem: `the variable ${name} is not set${didYouMean(name, Object.keys(env))}` };
  if (value === '') return { problem: `the variable ${name} is empty` };
  diagnostics.hide(value, `\${env:${name}}`);
  return { value };
}

async function fromFile(name: string, node: Located, { folder, diagnostics }: ReferenceTools): Promise<Found> {
  const read = await readSecretFile(path.resolve(folder, name));
  if ('problem' in read) return { problem: `the secret file ${name} ${read.problem}` };
  if (read.isOpenToOthers) {
    const message = `others on this machine can read the secret file ${name} (mode ${read.mode}): chmod 600 it`;
    diagnostics.warn(node.place, `${node.path}: ${message}`);
  }
  diagnostics.hide(read.value, `\${file:${name}}`);
  return { value: read.value };
}
