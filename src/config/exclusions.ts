import type { Account } from '../domain/account.ts';
import { type Instant, isOver } from '../domain/instant.ts';
import type { Organization } from '../domain/organization.ts';
import type { Diagnostics } from './diagnostics.ts';
import { find, type Located, nearest } from './located.ts';

interface Surroundings {
  readonly tree: Located;
  /** Those of the config file and of account files. */
  readonly listed: readonly Account[];
  readonly now: Instant;
}

/** What excludes nobody, and nobody should think that it does. */
export function warnOfExclusions(
  organizations: readonly Organization[],
  { tree, listed, now }: Surroundings,
  diagnostics: Diagnostics,
): void {
  organizations.forEach(({ provider, exclude }, index) => {
    const first = new Map<string, Located>();
    exclude.forEach(({ accountId, until }, place) => {
      const node = (key: string) => {
        const path = ['organizations', index, 'exclude', place, key];
        return find(tree, path) ?? nearest(tree, path);
      };
      const warn = ({ place: at, path }: Located, message: string) => diagnostics.warn(at, `${path}: ${message}`);
      const id = node('account_id');
      const before = first.get(accountId);
      if (before === undefined) first.set(accountId, id);
      else warn(id, `account ${accountId} is excluded twice (first on line ${before.place.line})`);
      if (listed.some((one) => one.provider === provider && one.id === accountId))
        warn(id, `account ${accountId} is listed in "accounts": it is collected all the same`);
      if (isOver({ until }, now)) warn(node('until'), `${until} has passed: the account is collected again`);
    });
  });
}
