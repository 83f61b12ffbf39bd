import { type Account, isLabelled } from '../domain/account.ts';
import { type Instant, isOver } from '../domain/instant.ts';
import type { Exception } from '../domain/rules.ts';
import { didYouMean } from '../kit/suggest.ts';
import type { Diagnostics } from './diagnostics.ts';
import { find, type Located, nearest } from './located.ts';

/** As the schema reads them: what is left out is there as `undefined`. */
type Written = { readonly [key in keyof Exception]?: Exception[key] | undefined } & Pick<
  Exception,
  'owner' | 'reason' | 'until'
>;

export interface Surroundings {
  readonly tree: Located;
  /** Undefined where not all can be known here, because an organisation brings more: `muster doctor` knows them. */
  readonly accounts: readonly Account[] | undefined;
  readonly now: Instant;
}

/** Without what is left out, because a report keeps them. Odd ones are named: those that are over, and those of nobody. */
export function exceptionsOf(
  written: readonly Written[],
  { tree, accounts, now }: Surroundings,
  diagnostics: Diagnostics,
): readonly Exception[] {
  written.forEach(({ until, accounts: names = [], labels = {} }, index) => {
    const at = ['exceptions', index] as const;
    if (isOver({ until }, now)) {
      warn([...at, 'until'], `${until} has passed: the exception counts no more`);
    }
    const known = accounts?.flatMap(namesOf);
    names.forEach((name, place) => {
      if (known === undefined || known.includes(name)) return;
      warn([...at, 'accounts', place], `there is no account "${name}"${didYouMean(name, known)}`);
    });
    if (Object.keys(labels).length > 0 && accounts?.some((account) => isLabelled(account, labels)) === false)
      warn([...at, 'labels'], 'no account has these labels');
  });
  return written.map((one) => defined(one));

  function warn(path: readonly PropertyKey[], message: string): void {
    const node = find(tree, path) ?? nearest(tree, path);
    diagnostics.warn(node.place, `${node.path}: ${message}`);
  }
}

function namesOf({ provider, id, name }: Account): readonly string[] {
  return [name, id, `${provider}/${id}`];
}

function defined(written: Written): Exception {
  const { owner, reason, until, ...scope } = written;
  const told = Object.entries(scope).filter(([, value]) => value !== undefined);
  return { owner, reason, until, ...(Object.fromEntries(told) as Partial<Exception>) }; // of the same keys
}
