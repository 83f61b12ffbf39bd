import { z } from 'zod';
import { askInBatches } from '../audit/batches.ts';
import type { Work } from '../audit/desk.ts';
import type { Listed } from '../audit/identities.ts';
import { askKeys, type UserKeys } from '../audit/keys.ts';
import type { AuditApi } from '../audit-api.ts';
import { type Attached, HolderPage, PolicyPage, UserPage } from './pages.ts';

const OF_PAGE = 5;
const PAGES_AT_ONCE = 3;

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
  const ofUsers = await inBatches('user', users, UserPage, (user) => askUser(user.name, api, work), work);
  if (typeof ofUsers === 'number') return `policies of ${ofUsers} users`;
  const ofRoles = await inBatches('role', roles, HolderPage, ({ name }) => askHolder('role', name, api, work), work);
  if (typeof ofRoles === 'number') return `policies of ${ofRoles} roles`;
  const groups = [...new Set(ofUsers.flatMap((page) => ('gone' in page ? [] : page.groups)))].toSorted();
  const ofGroups = await inBatches('group', groups, HolderPage, (name) => askHolder('group', name, api, work), work);
  if (typeof ofGroups === 'number') return `policies of ${ofGroups} groups`;
  const byGroup = new Map(groups.map((name, index) => [name, ofGroups[index]]));
  const holdings = [
    ...users.map((listed, index) => userHolding(listed, ofUsers[index], byGroup)),
    ...roles.map((listed, index): Holding => ({ listed, held: ownOf(ofRoles[index]), keys: [] })),
  ];
  const wanted = new Map(holdings.flatMap(({ held = [] }) => held.map(({ policy }) => [policyKey(policy), policy])));
  const policies = [...wanted].toSorted(([one], [other]) => (one < other ? -1 : 1));
  const texts = await inBatches('policy', policies, PolicyPage, ([, policy]) => askPolicy(policy, api, work), work);
  if (typeof texts === 'number') return `${texts} policies`;
  return { holdings, documents: new Map(policies.map(([key], index) => [key, documentOf(texts[index])])) };
}

export function policyKey({ type, name, version }: Attached): string {
  return JSON.stringify([type, name, version ?? '']);
}

function inBatches<I, A>(
  name: string,
  items: readonly I[],
  schema: z.ZodType<A>,
  ask: (item: I) => Promise<A>,
  work: Work,
): Promise<readonly A[] | number> {
  return askInBatches({ name, items, size: OF_PAGE, pagesAtOnce: PAGES_AT_ONCE, schema: z.array(schema), ask }, work);
}

async function askUser(name: string, api: AuditApi, work: Work): Promise<UserPage> {
  const own = await askHolder('user', name, api, work);
  if ('gone' in own) return own;
  const answer = await work.ask('ram:ListGroupsForUser', () => api.groupsOf(name, work.signal));
  if (answer === 'gone') return { gone: true };
  const groups = answer.groups.group.map(({ groupName }) => groupName).toSorted();
  return { ...own, groups, keys: await askKeys(name, api, work) };
}

const LISTS = { user: 'ListPoliciesForUser', group: 'ListPoliciesForGroup', role: 'ListPoliciesForRole' } as const;

async function askHolder(
  kind: 'user' | 'group' | 'role',
  name: string,
  api: AuditApi,
  work: Work,
): Promise<HolderPage> {
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
