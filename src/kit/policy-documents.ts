import { groupBy } from './group-by.ts';

/** One account, or all members of an organisation, and what it takes to read it. */
export interface Need {
  readonly who: string;
  readonly actions: readonly string[];
  /** The roles on the way in, the account's own first; empty where keys are used as they are. */
  readonly roles: readonly RoleStep[];
}

export interface RoleStep {
  /** As the config names it. */
  readonly role: string;
  /** As a policy names it; undefined where nobody knows the role's account. */
  readonly resource: string | undefined;
  readonly externalId: string | undefined;
  /** The session is given tags. */
  readonly isTagged?: boolean;
  /** Who takes it: the next role or whoever signs for it, a service of the cloud (a machine), or an identity provider. */
  readonly taker: { readonly by: 'principal' } | { readonly by: 'service' | 'federation'; readonly name: string };
}

/** How one cloud writes policies. */
export interface Dialect {
  readonly assume: string;
  /** Allows to give a session tags, where that is an action of its own. */
  readonly tag?: string;
  policy(
    statements: readonly { readonly sid: string; readonly actions: readonly string[]; on: readonly string[] }[],
  ): object;
  trust(step: RoleStep, principal: string): object;
  /** Stands where somebody has to say who the hub is: nothing in the config tells it for certain. */
  readonly unknownHub: string;
}

interface Wanted {
  readonly needs: readonly Need[];
  /** What the hub does beside taking roles. */
  readonly lists: readonly string[];
  /** Where a hub that lists must be. */
  readonly place: string;
  /** Who the hub is, where somebody said it. */
  readonly hub: string | undefined;
}

interface Written {
  readonly name: string;
  readonly about: string;
  readonly document: object;
}

/** The least that does what the config says: for the accounts, for who may take their roles, for the hub, and for who takes the hub's role. */
export function policyDocuments(wanted: Wanted, dialect: Dialect): readonly Written[] {
  const { needs, hub } = wanted;
  const first = needs.flatMap(({ who, roles }) => edgesOf(who, roles, hub).slice(0, 1));
  const further = needs.flatMap(({ roles }) => edgesOf('the account of the hub', roles, hub).slice(1));
  return [
    ...accountPolicies(needs, dialect),
    ...trusts('account-trust', first, dialect),
    ...hubPolicy(wanted, dialect),
    ...trusts('hub-trust', further, dialect),
    ...basePolicy(
      further.map(({ step }) => step),
      dialect,
    ),
  ];
}

/** One document for all whose needs are the same. */
function accountPolicies(needs: readonly Need[], dialect: Dialect): readonly Written[] {
  const groups = [
    ...groupBy(
      needs.filter(({ actions }) => actions.length > 0),
      ({ actions }) => actions.join(' '),
    ).values(),
  ];
  return groups.map((alike, index) => ({
    name: numbered('account-policy', index, groups.length),
    about: `for the role (or user) that Muster uses in: ${alike.map(({ who }) => who).join(', ')}`,
    document: dialect.policy([{ sid: 'MusterReads', actions: alike[0]?.actions ?? [], on: ['*'] }]),
  }));
}

/** A role, where it is, and the principal that takes it as far as that is known. */
interface Edge {
  readonly who: string;
  readonly step: RoleStep;
  readonly principal: string | undefined;
}

function edgesOf(who: string, roles: readonly RoleStep[], hub: string | undefined): readonly Edge[] {
  return roles.map((step, at) => ({ who, step, principal: roles[at + 1]?.resource ?? hub }));
}

function trusts(name: string, edges: readonly Edge[], dialect: Dialect): readonly Written[] {
  const keyOf = ({ step, principal }: Edge) =>
    JSON.stringify([step.taker, principal, step.externalId, step.isTagged === true]);
  const groups = [...groupBy(edges, keyOf).values()];
  return groups.flatMap((alike, index) => {
    const [first] = alike;
    if (first === undefined) return [];
    const roles = [...new Set(alike.map(({ step }) => step.role))].join(', ');
    return {
      name: numbered(name, index, groups.length),
      about: `who may take ${roles} in: ${[...new Set(alike.map(({ who }) => who))].join(', ')}`,
      document: dialect.trust(first.step, first.principal ?? dialect.unknownHub),
    };
  });
}

function hubPolicy({ needs, lists, place }: Wanted, dialect: Dialect): readonly Written[] {
  const statements = [
    ...takingOf(
      needs.flatMap(({ roles }) => roles.slice(0, 1)),
      dialect,
    ),
    ...(lists.length === 0 ? [] : [{ sid: 'MusterLists', actions: lists, on: ['*'] }]),
  ];
  if (statements.length === 0) return [];
  const about = `for the hub: who signs for the accounts' roles${lists.length === 0 ? '' : `, ${place}`}`;
  return [{ name: 'hub-policy', about, document: dialect.policy(statements) }];
}

function basePolicy(hubRoles: readonly RoleStep[], dialect: Dialect): readonly Written[] {
  const statements = takingOf(hubRoles, dialect);
  if (statements.length === 0) return [];
  const about = "for whoever takes the hub's role";
  return [{ name: 'base-policy', about, document: dialect.policy(statements) }];
}

function takingOf(steps: readonly RoleStep[], { assume, tag }: Dialect) {
  const taken = resourcesOf(steps);
  const tagged = resourcesOf(steps.filter(({ isTagged }) => isTagged));
  return [
    ...(taken.length === 0 ? [] : [{ sid: 'MusterAssumes', actions: [assume], on: taken }]),
    ...(tag === undefined || tagged.length === 0 ? [] : [{ sid: 'MusterTags', actions: [tag], on: tagged }]),
  ];
}

/** A role of a machine or of an identity provider is taken without a permission. */
function resourcesOf(steps: readonly RoleStep[]): readonly string[] {
  const named = steps.flatMap(({ taker, resource }) =>
    taker.by === 'principal' && resource !== undefined ? [resource] : [],
  );
  return [...new Set(named)].toSorted();
}

function numbered(name: string, index: number, count: number): string {
  return count === 1 ? name : `${name}-${index + 1}`;
}
