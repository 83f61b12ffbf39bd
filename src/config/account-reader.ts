import type { Provider } from '../providers/provider.ts';
import { type AccountCore, accountCore } from './account-core.ts';
import { tell } from './check.ts';
import type { Diagnostics } from './diagnostics.ts';
import { type Located, type LocatedMap, pick, plainValue } from './located.ts';
import { merge } from './merge.ts';
import { type Keys, keysOfSchema } from './plugin-keys.ts';
import { problemsOf } from './problems.ts';
import type { Shape } from './shape.ts';

const OF_ONE_ACCOUNT = ['provider', 'account_id', 'name'];

/** What it takes to read the accounts of one provider. */
export interface AccountReader {
  readonly provider: Provider;
  readonly core: Keys<AccountCore>;
  readonly settings: Keys<unknown>;
  readonly shape: Shape;
  readonly defaults: LocatedMap | undefined;
}

export function accountReader(provider: Provider, written: Located | undefined, diagnostics: Diagnostics) {
  const core = keysOfSchema(accountCore(provider));
  const settings = keysOfSchema(provider.settings);
  const shape = { allOf: [core.shape, settings.shape] };
  const defaults = written?.kind === 'map' ? usableDefaults(written, diagnostics) : undefined;
  return { provider, core, settings, shape, defaults } satisfies AccountReader;
}

function usableDefaults(defaults: LocatedMap, diagnostics: Diagnostics): LocatedMap {
  for (const key of OF_ONE_ACCOUNT) {
    const entry = defaults.entries.get(key);
    if (entry !== undefined) diagnostics.complain(defaults, entry.keyPlace, `"${key}" belongs to one account`);
  }
  return pick(defaults, (key) => !OF_ONE_ACCOUNT.includes(key));
}

export function withDefaults(account: LocatedMap, { defaults, shape }: AccountReader): LocatedMap {
  return defaults === undefined ? account : merge(defaults, account, shape);
}

/** For defaults that no account uses. What is only missing would come from the account. */
export function checkUnused({ defaults, core, settings }: AccountReader, diagnostics: Diagnostics): void {
  if (defaults === undefined) return;
  checkPart(defaults, core, [], diagnostics);
  checkPart(
    pick(defaults, (key) => !core.names.includes(key)),
    settings,
    core.names,
    diagnostics,
  );
}

function checkPart(part: LocatedMap, keys: Keys<unknown>, also: readonly string[], diagnostics: Diagnostics): void {
  const parsed = keys.schema.safeParse(plainValue(part));
  const problems = parsed.success ? [] : problemsOf(parsed.error.issues, part, keys.shape, also);
  tell(
    problems.filter((one) => one.kind !== 'missing'),
    part,
    diagnostics,
  );
}
