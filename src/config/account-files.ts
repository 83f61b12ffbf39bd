import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { Account } from '../domain/account.ts';
import type { Provider } from '../providers/provider.ts';
import { accountsOf } from './accounts.ts';
import { check } from './check.ts';
import { ConfigError } from './config-error.ts';
import { Diagnostics } from './diagnostics.ts';
import type { SecretStores } from './live-references.ts';
import { child, type Located, type LocatedMap } from './located.ts';
import { warnOfNamedFiles } from './named-files.ts';
import { readConfigFile } from './read-file.ts';
import { resolveReferences } from './references.ts';
import { parseYaml } from './yaml-source.ts';

/** Accounts in files of their own, one a team: a broken one costs its own accounts only. */
export interface AccountFiles {
  /** Reads them again. A file that is broken now keeps what it held when it was last whole, in this process. */
  read(): Promise<AccountFilesRead>;
}

interface AccountFilesRead {
  /** Those of the config file too. Of a file that did not change they are the same objects. */
  readonly accounts: readonly Account[];
  /** What is wrong, in words with file, line and column; nothing else in it is used. */
  readonly broken: readonly string[];
  /** Odd, but not wrong. */
  readonly warnings: readonly string[];
}

export interface AccountFilesTools {
  /** As the config says it. */
  readonly pattern: string;
  /** The config file's. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly stores: SecretStores;
  readonly providers: readonly Provider[];
  readonly defaults: Located | undefined;
  /** Takes out what this process has no need of. */
  readonly prune: (tree: LocatedMap) => LocatedMap;
  /** Of the config file itself: they win. */
  readonly listed: readonly Account[];
}

const TeamFile = z.strictObject({ accounts: z.array(z.unknown()) });

export function accountFiles(tools: AccountFilesTools): AccountFiles {
  const whole = new Map<string, Whole>();
  let known: readonly string[] = [];
  return {
    async read() {
      const broken: string[] = [];
      try {
        known = await filesOf(tools);
      } catch (error) {
        const code = (error as { readonly code?: unknown }).code;
        broken.push(`account_files ${tools.pattern}: the folder cannot be read (${String(code)})`);
      }
      for (const file of known) {
        const read = await readTeamFile(file, whole.get(file), tools).catch((error: unknown) => {
          if (!(error instanceof ConfigError)) throw error;
          const kept = whole.has(file) ? 'what it last held is used' : 'its accounts are left out';
          broken.push(`${error.message}\n${file}: is broken: ${kept}`);
        });
        if (read !== undefined) whole.set(file, read);
      }
      return withoutDoubles(known, whole, tools.listed, broken);
    },
  };
}

/** In the order of their names, so that the same one always wins. */
async function filesOf({ pattern, folder }: AccountFilesTools): Promise<readonly string[]> {
  const within = path.resolve(folder, path.dirname(pattern));
  const pieces = path.basename(pattern).split('*');
  const matches = new RegExp(`^${pieces.map((piece) => piece.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&')).join('.*')}$`);
  const names = (await readdir(within)).filter((name) => matches.test(name) && !name.startsWith('.'));
  return names.toSorted().map((name) => path.join(within, name));
}

interface Whole {
  readonly text: string;
  readonly accounts: readonly Account[];
  readonly warnings: readonly string[];
}

async function readTeamFile(file: string, last: Whole | undefined, tools: AccountFilesTools): Promise<Whole> {
  const read = await readConfigFile(file);
  if ('problem' in read) throw new ConfigError([read.problem]);
  const { text } = read;
  return text === last?.text ? last : { text, ...(await wholeOf(text, file, tools)) };
}

async function wholeOf(text: string, file: string, tools: AccountFilesTools): Promise<Omit<Whole, 'text'>> {
  const diagnostics = new Diagnostics(file);
  const written = parseYaml(text, diagnostics);
  if (written?.kind !== 'map') {
    if (!diagnostics.hasErrors) diagnostics.error({ line: 1, column: 1 }, 'must be a mapping with the key "accounts"');
    diagnostics.throwIfErrors();
    return { accounts: [], warnings: [] };
  }
  const tree = await resolveReferences(tools.prune(written), { ...tools, folder: path.dirname(file), diagnostics });
  await warnOfNamedFiles(tree, diagnostics);
  check(TeamFile, tree, diagnostics);
  const accounts = accountsOf(child(tree, 'accounts'), tools.defaults, tools.providers, diagnostics);
  diagnostics.throwIfErrors();
  return { accounts, warnings: diagnostics.warnings() };
}

/** The config file first, then the files in order: whoever names an account again is told. */
function withoutDoubles(
  files: readonly string[],
  whole: ReadonlyMap<string, Whole>,
  listed: readonly Account[],
  broken: string[],
): AccountFilesRead {
  const seen = new Set(listed.map(keyOf));
  const accounts = [...listed];
  for (const file of files) {
    for (const account of whole.get(file)?.accounts ?? []) {
      if (seen.has(keyOf(account)))
        broken.push(`${file}: account ${account.id} is listed elsewhere already: that entry is used`);
      else accounts.push(account);
      seen.add(keyOf(account));
    }
  }
  return { accounts, broken, warnings: files.flatMap((file) => whole.get(file)?.warnings ?? []) };
}

function keyOf({ provider, id }: Account): string {
  return `${provider}/${id}`;
}
