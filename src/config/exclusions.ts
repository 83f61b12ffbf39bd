import { type Instant, parseInstant } from '../domain/instant.ts';
import type { Organization } from '../domain/organization.ts';
import type { Diagnostics } from './diagnostics.ts';
import { find, type Located, nearest } from './located.ts';

/** What is over excludes nobody, and nobody should think that it does. */
export function warnOfExclusions(
  organizations: readonly Organization[],
  { tree, now }: { readonly tree: Located; readonly now: Instant },
  diagnostics: Diagnostics,
): void {
  organizations.forEach(({ exclude }, index) => {
    exclude.forEach(({ until }, place) => {
      if (now < (parseInstant(`${until}T00:00:00Z`) ?? 0)) return;
      const path = ['organizations', index, 'exclude', place, 'until'];
      const node = find(tree, path) ?? nearest(tree, path);
      diagnostics.warn(node.place, `${node.path}: ${until} has passed: the account is collected again`);
    });
  });
}
