import type { Clock } from '../domain/clock.ts';
import { ALL_DUTIES, type Duties } from '../domain/duties.ts';
import { systemClock } from '../kit/clock.ts';
import { accountFiles } from './account-files.ts';
import { accountsOf } from './accounts.ts';
import { archiveConfig } from './archive-settings.ts';
import { check } from './check.ts';
import type { Config } from './config.ts';
import { ConfigError } from './config-error.ts';
import { Diagnostics } from './diagnostics.ts';
import { exceptionsOf } from './exceptions.ts';
import { warnOfExclusions } from './exclusions.ts';
import { secretStoresOf } from './live-references.ts';
import { child, type Located } from './located.ts';
import { warnOfNamedFiles } from './named-files.ts';
import { organizationsOf } from './organizations.ts';
import { queueConfig } from './queue-settings.ts';
import { readConfigFile } from './read-file.ts';
import { type ReferenceTools, resolveReferences } from './references.ts';
import type { Registries } from './registries.ts';
import { rulesOf } from './rules.ts';
import { sinksOf } from './sinks.ts';
import { top } from './top.ts';
import { type Needed, neededFor } from './unneeded.ts';
import { parseYaml } from './yaml-source.ts';

/** The config of a file, whole and checked; or a ConfigError with every mistake in it. */
export async function loadConfig(
  file: string,
  registries: Registries,
  env: NodeJS.ProcessEnv,
  duties: Duties = ALL_DUTIES,
): Promise<Config> {
  const read = await readConfigFile(file);
  if ('problem' in read) throw new ConfigError([read.problem]);
  return parseConfig(read.text, file, registries, env, duties);
}

/** As `loadConfig`, of a text; `file` is named in messages, and its folder is where relative paths begin. */
export async function parseConfig(
  text: string,
  file: string,
  all: Registries,
  env: NodeJS.ProcessEnv,
  duties: Duties = ALL_DUTIES,
  clock: Pick<Clock, 'now'> = systemClock(),
): Promise<Config> {
  const { registries, prune } = neededFor(duties, all);
  const diagnostics = new Diagnostics(file);
  const { folder } = diagnostics;
  const stores = secretStoresOf(all.secretStores ?? [], env);
  const tree = await treeOf(text, { env, folder, diagnostics, stores }, prune);
  const root = check(top(registries), tree, diagnostics);
  const accounts = accountsOf(child(tree, 'accounts'), child(tree, 'defaults'), registries.providers, diagnostics);
  const organizations = organizationsOf(child(tree, 'organizations'), registries.providers, diagnostics);
  const sinks = sinksOf(child(tree, 'sinks'), { registries, folder, diagnostics });
  diagnostics.throwIfErrors();
  if (root === undefined) throw new TypeError(`${file}: refused without a reason`); // check() has told one
  const { providers } = registries;
  const defaults = child(tree, 'defaults');
  const pattern = root.account_files;
  const files =
    pattern === undefined
      ? undefined
      : accountFiles({ pattern, folder, env, stores, providers, prune, defaults, listed: accounts });
  const inFiles = (await files?.read()) ?? { accounts, broken: [], warnings: [] };
  const known = organizations.length === 0 && inFiles.broken.length === 0 ? inFiles.accounts : undefined;
  if (known?.length === 0 && files === undefined) warnOfNone(tree, diagnostics);
  const around = { tree, accounts: known, now: clock.now() };
  warnOfExclusions(organizations, { ...around, listed: inFiles.accounts }, diagnostics);
  return {
    file,
    deployment: root.deployment,
    archive: archiveConfig(root.archive, folder),
    queue: queueConfig(root.queue),
    tick: root.tick.trim(),
    http: root.http === false ? undefined : root.http.listen,
    accounts: inFiles.accounts,
    organizations,
    accountFiles: files,
    sinks,
    rules: rulesOf(registries, root.checks),
    exceptions: exceptionsOf(root.exceptions, around, diagnostics),
    changes: root.changes,
    warnings: [...diagnostics.warnings(), ...inFiles.warnings],
    broken: inFiles.broken,
  };
}

async function treeOf(text: string, tools: ReferenceTools, prune: Needed['prune']): Promise<Located> {
  const written = parseYaml(text, tools.diagnostics);
  if (written !== undefined && written.kind !== 'map') {
    const isEmpty = written.kind === 'scalar' && written.value === null;
    tools.diagnostics.error(written.place, isEmpty ? EMPTY : NOT_A_MAPPING);
  }
  if (written?.kind === 'map') {
    const tree = await resolveReferences(prune(written), tools);
    await warnOfNamedFiles(tree, tools.diagnostics);
    return tree;
  }
  if (written === undefined && !tools.diagnostics.hasErrors) tools.diagnostics.error({ line: 1, column: 1 }, EMPTY);
  tools.diagnostics.throwIfErrors();
  throw new TypeError('unreachable: a tree that is no mapping has been refused');
}

const EMPTY = 'the file is empty: start from config/example.yaml';
const NOT_A_MAPPING = 'must be a mapping such as "archive: ./archive"; start from config/example.yaml';

function warnOfNone(tree: Located, diagnostics: Diagnostics): void {
  diagnostics.warn(child(tree, 'accounts')?.place ?? tree.place, 'no accounts: nothing will be collected');
}
