import type { AttachedPolicy, Group } from './audit-state.ts';
import type { Identity, Role, SimulatedAccount } from './model.ts';
import { ALL_SERVICES } from './services.ts';
import { identityArn, type World } from './world.ts';

/** Whoever can be asked about. */
export type Subject =
  | { readonly kind: 'user'; readonly arn: string; readonly user: Identity }
  | { readonly kind: 'role'; readonly arn: string; readonly role: Role }
  | { readonly kind: 'group'; readonly arn: string; readonly group: Group };

export function subjectOf(world: World, account: SimulatedAccount, arn: string): Subject | undefined {
  for (const user of account.users.values())
    if (identityArn(world, account, user) === arn) return { kind: 'user', arn, user };
  for (const role of account.roles.values())
    if (arnOfRole(world, account, role) === arn) return { kind: 'role', arn, role };
  for (const group of account.audit.groups.values())
    if (arnOfGroup(world, account, group) === arn) return { kind: 'group', arn, group };
  return undefined;
}

export function arnOfRole(world: World, account: SimulatedAccount, { path = '/', name }: Role): string {
  return `arn:${world.partition}:iam::${account.id}:role${path}${name}`;
}

export function arnOfGroup(world: World, account: SimulatedAccount, { name }: Group): string {
  return `arn:${world.partition}:iam::${account.id}:group/${name}`;
}

export interface Given {
  readonly policy: AttachedPolicy;
  /** The group that it comes from. */
  readonly group: string | undefined;
}

/** Policies of its own, and of the groups that it is in. */
export function policiesOf(world: World, account: SimulatedAccount, subject: Subject): readonly Given[] {
  const own = (account.audit.policies.get(subject.arn) ?? []).map((policy) => ({ policy, group: undefined }));
  if (subject.kind !== 'user') return own;
  const groups = [...account.audit.groups.values()].filter(({ members }) =>
    members.has(subject.user.name.toLowerCase()),
  );
  const inherited = groups.flatMap((group) =>
    (account.audit.policies.get(arnOfGroup(world, account, group)) ?? []).map((policy) => ({
      policy,
      group: group.name,
    })),
  );
  return [...own, ...inherited];
}

export function servicesGiven(given: readonly Given[]): readonly string[] {
  const all = given.flatMap(({ policy }) => (policy.services === '*' ? ALL_SERVICES : policy.services));
  return [...new Set(all)].toSorted();
}

export function gives({ policy }: Given, namespace: string): boolean {
  return policy.services === '*' || policy.services.includes(namespace);
}
