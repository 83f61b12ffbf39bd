import { askEach } from '../../shared/audit-shift.ts';
import type { Work } from '../audit/desk.ts';
import type { Listed } from '../audit/identities.ts';
import { askKeys, UserKeys } from '../audit/keys.ts';
import type { AuditApi } from '../audit-api.ts';
import { type Attached, GroupsPage, HolderPage, PolicyPage, type UserPage } from './pages.ts';

const AT_ONCE = 12;

/** A policy that hangs on an identity, or on a group that it is in. */
interface Held {
  readonly policy: Attached;
  readonly via?: string;
}

/** An identity with all of its policies; without `held` it was deleted meanwhile. */
export interface Holding {
  readonly listed: Listed;
  readonly held: readonly Held[] | undefined;
  /** None of a role. */
  readonly keys: UserKeys;
}

export interface Holdings {
  readonly holdings: readonly Holding[];
  /** By `policyKey`; undefined: the policy was deleted meanwhile. */
  readonly documents: ReadonlyMap<string, string | undefined>;
}

/** Who holds which policies, and what these say; or what is still to be asked for when the shift is over. */
export async function askHoldings(
  users: readonly Listed[],
  roles: readonly Listed[],
  api: AuditApi,
  work: Work,
): Promise<Holdings | string> {
  const holders = <I>(kind: HolderKind, items: readonly I[], nameOf: (item: I) => string) => {
    work.expect(items.length);
    const ask = (item: I, name: string) => takeHolder(kind, nameOf(item), name, api, work);
    return askEach({ name: kind, items, atOnce: AT_ONCE, ask }, work);
  };
  work.expect(3 * users.length);
  const askOne = (user: Listed, name: string) => askUser(user, name, api, work);
  const ofUsers = await askEach({ name: 'user', items: users, atOnce: AT_ONCE, ask: askOne }, work);
  if (typeof ofUsers === 'number') return `policies of ${ofUsers} users`;
  const ofRoles = await holders('role', roles, ({ name }) => name);
  if (typeof ofRoles === 'number') return `policies of ${ofRoles} roles`;
  const groups = [...new Set(ofUsers.flatMap((page) => ('gone' in page ? [] : page.groups)))].toSorted();
  const ofGroups = await holders('group', groups, (name) => name);
  if (typeof ofGroups === 'number') return `policies of ${ofGroups} groups`;
  const byGroup = new Map(groups.map((name, index) => [name, ofGroups[index]]));
  const holdings = [
    ...users.map((listed, index) => userHolding(listed, ofUsers[index], byGroup)),
    ...roles.map((listed, index): Holding => ({ listed, held: ownOf(ofRoles[index]), keys: [] })),
  ];
  const wanted = new Map(holdings.flatMap(({ held = [] }) => held.map(({ policy }) => [policyKey(policy), policy])));
  const policies = [...wanted].toSorted(([one], [other]) => (one < other ? -1 : 1));
  work.expect(policies.length);
  const askText = ([, policy]: (typeof policies)[number], name: string) =>
    work.pages.take(name, PolicyPage, () => askPolicy(policy, api, work));
  const texts = await askEach({ name: 'policy', items: policies, atOnce: AT_ONCE, ask: askText }, work);
  if (typeof texts === 'number') return `${texts} policies`;
  return { holdings, documents: new Map(policies.map(([key], index) => [key, documentOf(texts[index])])) };
}

export function policyKey({ type, name, version }: Attached): string {
  return JSON.stringify([type, name, version ?? '']);
}

async function askUser({ name: user }: Listed, name: string, api: AuditApi, work: Work): Promise<UserPage> {
  const own = await takeHolder('user', user, `${name}-policies`, api, work);
  if ('gone' in own) return own;
  const groups = await work.pages.take(`${name}-groups`, GroupsPage, () => askGroups(user, api, work));
  if ('gone' in groups) return groups;
  const keys = await work.pages.take(`${name}-keys`, UserKeys, () => askKeys(user, api, work));
  return { ...own, ...groups, keys };
}

async function askGroups(user: string, api: AuditApi, work: Work): Promise<GroupsPage> {
  const answer = await work.ask('ram:ListGroupsForUser', () => api.groupsOf(user, work.signal));
  if (answer === 'gone') return { gone: true };
  return { groups: answer.groups.group.map(({ groupName }) => groupName).toSorted() };
}

function takeHolder(kind: HolderKind, holder: string, name: string, api: AuditApi, work: Work): Promise<HolderPage> {
  return work.pages.take(name, HolderPage, () => askHolder(kind, holder, api, work));
}

const LISTS = { user: 'ListPoliciesForUser', group: 'ListPoliciesForGroup', role: 'ListPoliciesForRole' } as const;
type HolderKind = keyof typeof LISTS;

async function askHolder(kind: HolderKind, name: string, api: AuditApi, work: Work): Promise<HolderPage> {
  const answer = await work.ask(`ram:${LISTS[kind]}`, () => api.policiesOf(kind, name, work.signal));
  if (answer === 'gone') return { gone: true };
  const policies = answer.policies.policy.map(({ policyType: type, policyName, defaultVersion: version }) => ({
    type,
    name: policyName,
    ...(version === undefined || version === '' ? {} : { version }),
  }));
  return { policies };
}

async function askPolicy({ type, name, version }: Attached, api: AuditApi, work: Work): Promise<PolicyPage> {
  const operation = version === undefined ? 'ram:GetPolicy' : 'ram:GetPolicyVersion';
  const answer = await work.ask(operation, () => api.policy({ type, name, version }, work.signal));
  return answer === 'gone' ? { gone: true } : answer;
}

function userHolding(
  listed: Listed,
  page: UserPage | undefined,
  byGroup: ReadonlyMap<string, HolderPage | undefined>,
): Holding {
  if (page === undefined || 'gone' in page || page.keys === 'gone') return { listed, held: undefined, keys: [] };
  const ofGroups = page.groups.flatMap((group) =>
    (ownOf(byGroup.get(group)) ?? []).map(({ policy }) => ({ policy, via: `group:${group}` })),
  );
  return { listed, held: [...(ownOf(page) ?? []), ...ofGroups], keys: page.keys };
}

function ownOf(page: UserPage | HolderPage | undefined): readonly Held[] | undefined {
  return page === undefined || 'gone' in page ? undefined : page.policies.map((policy) => ({ policy }));
}

function documentOf(page: PolicyPage | undefined): string | undefined {
  return page === undefined || 'gone' in page ? undefined : page.document;
}
