import type { Account } from '../domain/account.ts';
import { didYouMean } from '../kit/suggest.ts';
import type { Provider } from '../providers/provider.ts';
import { type AccountReader, accountReader, checkUnused, withDefaults } from './account-reader.ts';
import type { Diagnostics } from './diagnostics.ts';
import { child, type Located, type LocatedMap, textOf } from './located.ts';
import { parseBoth } from './plugin-keys.ts';
import { reportsOf } from './reports.ts';
import { Unique } from './unique.ts';

/** Every account of the list, with its provider's defaults under it. */
export function accountsOf(
  list: Located | undefined,
  defaults: Located | undefined,
  providers: readonly Provider[],
  diagnostics: Diagnostics,
): readonly Account[] {
  const readers = new Map(
    providers.map((one) => [one.name, accountReader(one, child(defaults, one.name), diagnostics)]),
  );
  const unused = new Set(readers.values());
  const checkUnique = uniqueness(diagnostics);
  const accounts: Account[] = [];
  for (const item of list?.kind === 'list' ? list.items : []) {
    if (item.kind !== 'map') {
      diagnostics.reject(item, 'must be a mapping with a provider and an account_id');
      continue;
    }
    checkUnique(item);
    const reader = readers.get(textOf(child(item, 'provider')) ?? '');
    if (reader === undefined) {
      rejectProvider(item, [...readers.keys()], diagnostics);
      continue;
    }
    unused.delete(reader);
    accounts.push(...accountOf(item, reader, diagnostics));
  }
  for (const reader of unused) checkUnused(reader, diagnostics);
  return accounts;
}

function accountOf(item: LocatedMap, reader: AccountReader, diagnostics: Diagnostics): readonly Account[] {
  const tree = withDefaults(item, reader);
  const { common, own } = parseBoth(tree, reader.core, reader.settings, diagnostics);
  // Settings with mistakes: only an endpoint could make it something else than the real cloud
  const isReal = own === undefined ? !tree.entries.has('endpoint') : reader.provider.isRealCloud(own.settings);
  if (common === undefined) return [];
  const reports = reportsOf(tree, common.reports, reader.provider, isReal, diagnostics);
  if (own === undefined) return [];
  const { account_id: id, labels, name = id } = common;
  return [{ provider: reader.provider.name, id, name: name.trim(), labels, reports, settings: own.settings }];
}

export function rejectProvider(item: LocatedMap, known: readonly string[], diagnostics: Diagnostics): void {
  const written = child(item, 'provider');
  const name = textOf(written);
  const wanted = `must be one of ${known.join(', ')}`;
  if (written === undefined) diagnostics.complain(item, item.place, `"provider" is missing: ${wanted}`);
  else if (name === undefined) diagnostics.reject(written, wanted);
  else diagnostics.reject(written, `"${name}" is not known: ${wanted}${didYouMean(name, known)}`);
}

/** Ids differ within a provider; names differ over all, because the command line takes them. */
function uniqueness(diagnostics: Diagnostics): (account: LocatedMap) => void {
  const ids = new Unique('account', diagnostics);
  const names = new Unique('account name', diagnostics);
  return (account) => {
    const id = child(account, 'account_id');
    const name = child(account, 'name') ?? id;
    const idText = quotedText(id);
    const nameText = quotedText(name);
    if (id !== undefined && idText !== undefined) ids.add(idText, id, textOf(child(account, 'provider')));
    if (name !== undefined && nameText !== undefined) names.add(nameText, name);
  };
}

function quotedText(node: Located | undefined): string | undefined {
  const isText = node?.kind === 'scalar' && (typeof node.value === 'string' || typeof node.value === 'object');
  return isText ? textOf(node)?.trim() : undefined;
}
