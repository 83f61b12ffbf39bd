import type { Member } from './organization.ts';

/** Only the tags that are wanted. Where no account's were told they stay unknown; else an account without any has none. */
export function withWantedTags(members: readonly Member[], wanted: readonly string[]): readonly Member[] {
  const areTold = wanted.length > 0 && members.some(({ tags }) => tags !== undefined);
  return members.map(({ tags, ...member }) => {
    if (!areTold) return member;
    const kept = Object.entries(tags ?? {}).filter(([key]) => wanted.includes(key));
    return { ...member, tags: Object.fromEntries(kept) };
  });
}

/** The list by id, with the management account in it and known as such: not every cloud lists it. */
export function withManagement(
  members: readonly Member[],
  management: Pick<Member, 'id' | 'name'> | undefined,
): readonly Member[] {
  const marked = members.map((member): Member => ({ ...member, isManagement: member.id === management?.id }));
  const isListed = management === undefined || marked.some(({ isManagement }) => isManagement);
  const added: readonly Member[] = isListed ? [] : [{ ...management, state: 'active', isManagement: true }];
  return [...marked, ...added].toSorted((a, b) => (a.id < b.id ? -1 : 1));
}
