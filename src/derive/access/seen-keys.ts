import type { KeyUse } from '../../domain/access.ts';
import type { Instant } from '../../domain/instant.ts';
import { eachOf, type Steps } from '../../kit/steps.ts';
import { identityKey } from './identities.ts';
import { DIMENSIONS, type Dimension, groupingKeys, isPartial, type KeyUses } from './keys.ts';
import { type AccessSeen, remembered, type SeenKey, sameSubject, subjectOf } from './seen.ts';

/** Of each dimension of a key: somebody's fleet may use it from very many addresses. */
const MAX_SEEN = 2_000;

/** What is known of the keys' use, with this report. */
export function* seeKeys(
  rows: readonly KeyUse[],
  generatedAt: Instant,
  earlier: AccessSeen | undefined,
): Steps<AccessSeen> {
  const now = new Map<string, SeenKey>();
  yield* eachOf(yield* groupingKeys(rows), (uses) => {
    const old = sameSubject(earlier?.keys, uses.key.id, uses.key.createdAt);
    now.set(uses.key.id, seeKey(uses, generatedAt, old));
  });
  return { version: 1, keys: remembered(earlier?.keys, now, generatedAt) };
}

function seeKey(uses: KeyUses, generatedAt: Instant, old: SeenKey | undefined): SeenKey {
  const lists = DIMENSIONS.map(
    (dimension) => [dimension, merged(uses.seen[dimension], old?.[dimension] ?? [])] as const,
  );
  const cut = lists.filter(([name, list]) => list.length > MAX_SEEN || old?.cut?.includes(name) === true);
  const partial = DIMENSIONS.filter(
    (name) => isPartial(uses, name) && (old === undefined || old.partial?.includes(name) === true),
  );
  const whole = wholeBefore(uses, old);
  return {
    ...subjectOf(uses.key.createdAt, generatedAt, old),
    owner: identityKey(uses.owner),
    ...(Object.fromEntries(lists.map(([name, list]) => [name, list.slice(-MAX_SEEN)])) as Record<Dimension, string[]>), // one for each dimension
    ...(isNever(uses, old) ? { never: true } : {}),
    ...(partial.length === 0 ? {} : { partial }),
    ...(Object.keys(whole).length === 0 ? {} : { whole }),
    ...(cut.length === 0 ? {} : { cut: cut.map(([name]) => name) }),
  };
}

/** When the lists that this report does not tell to their end were last told so. */
function wholeBefore(uses: KeyUses, old: SeenKey | undefined): NonNullable<SeenKey['whole']> {
  const isUntold = 'reason' in uses.lastUsedAt && uses.lastUsedAt.reason === 'unknown';
  const moments = DIMENSIONS.flatMap((name) => {
    if (old === undefined || old.partial?.includes(name) === true) return [];
    return isUntold || isPartial(uses, name) ? [[name, old.whole?.[name] ?? old.at] as const] : [];
  });
  return Object.fromEntries(moments);
}

/** What is not told says nothing against what was. */
function isNever({ lastUsedAt }: KeyUses, old: SeenKey | undefined): boolean {
  if ('value' in lastUsedAt) return false;
  return lastUsedAt.reason === 'never' || (lastUsedAt.reason === 'unknown' && old?.never === true);
}

/** Those of this report stand last: what is cut off was not seen for longest. */
function merged(now: ReadonlyMap<string, { readonly last: Instant }>, old: readonly string[]): readonly string[] {
  const seen = [...now].sort(([a, { last: one }], [b, { last: other }]) => one - other || (a < b ? -1 : 1));
  return [...old.filter((name) => !now.has(name)), ...seen.map(([name]) => name)];
}
