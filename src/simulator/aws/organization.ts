import { Fault } from '../../domain/fault.ts';
import { formatInstant } from '../../domain/instant.ts';
import type { SimulatedAccount } from './model.ts';
import type { World } from './world.ts';

const STATES = ['PENDING_ACTIVATION', 'ACTIVE', 'SUSPENDED', 'PENDING_CLOSURE', 'CLOSED'] as const;
type State = (typeof STATES)[number];
const FORMS = ['both', 'state', 'status'] as const;

export interface OrganizationMember {
  readonly id: string;
  name: string;
  state: State;
  readonly joinedAt: number;
  tags: Readonly<Record<string, string>>;
}

export interface SimulatedOrganization {
  readonly id: string;
  readonly managementId: string;
  readonly members: Map<string, OrganizationMember>;
  /** Which of `State` and `Status` is told. */
  form: (typeof FORMS)[number];
  /** Puts an empty page after each page, as AWS may. */
  emptyPages: boolean;
  pageSize: number;
  /** Of centralised root access: `RootCredentialsManagement`, `RootSessions`. */
  rootFeatures: readonly string[];
}

export interface OrganizationOptions {
  /** How many of the accounts are members, the first ones; all when absent. */
  readonly members?: number;
  readonly form?: SimulatedOrganization['form'];
  readonly emptyPages?: boolean;
  readonly pageSize?: number;
}

/** The hub is the management account; the others join in their order. */
export function newOrganization(managementId: string): SimulatedOrganization {
  const id = `o-demo${managementId.slice(-6)}`;
  return { id, managementId, members: new Map(), form: 'both', emptyPages: false, pageSize: 20, rootFeatures: [] };
}

export function fillOrganization(world: World, accountIds: readonly string[], options: OrganizationOptions): void {
  const { organization } = world;
  organization.form = options.form ?? 'both';
  organization.emptyPages = options.emptyPages ?? false;
  organization.pageSize = options.pageSize ?? 20;
  for (const id of [organization.managementId, ...accountIds.slice(0, options.members ?? accountIds.length)]) {
    const account = world.accounts.get(id);
    if (account !== undefined) join(world, account, {});
  }
}

function join(world: World, { id, name, root }: SimulatedAccount, tags: Readonly<Record<string, string>>): void {
  world.organization.members.set(id, { id, name, state: 'ACTIVE', joinedAt: root.createdAt, tags });
}

/** From the control plane's JSON: who is in the organisation, and how it tells. Written to the history. */
export function changeOrganization(world: World, body: Readonly<Record<string, unknown>>): unknown {
  const { account: id, do: action, ...rest } = body;
  if (action === 'tell') return tellAs(world.organization, rest);
  if (typeof id !== 'string' || typeof action !== 'string') throw wrongUse();
  if (action === 'join') {
    const account = world.accounts.get(id);
    if (account === undefined) throw new Fault('misconfigured', `there is no account ${id}`);
    join(world, account, {});
  } else changeMember(world.organization, memberOf(world.organization, id), action, rest);
  const details = { ...rest, organization: world.organization.id };
  const at = world.clock.now();
  world.history.add(at, { account: id, action: `organization.${action}`, user: '', user_id: id, details });
  return { at: formatInstant(at), members: world.organization.members.size };
}

function changeMember(
  organization: SimulatedOrganization,
  member: OrganizationMember,
  action: string,
  { to, tags }: Readonly<Record<string, unknown>>,
): void {
  const state = STATES.find((one) => one === to);
  if (action === 'leave') organization.members.delete(member.id);
  else if (action === 'rename' && typeof to === 'string') member.name = to;
  else if (action === 'set_state' && state !== undefined) member.state = state;
  else if (action === 'tag' && isTags(tags)) member.tags = tags;
  else throw wrongUse();
}

function tellAs(organization: SimulatedOrganization, given: Readonly<Record<string, unknown>>): unknown {
  const { form, empty_pages: emptyPages, page_size: pageSize } = given;
  organization.form = FORMS.find((one) => one === form) ?? organization.form;
  if (typeof emptyPages === 'boolean') organization.emptyPages = emptyPages;
  if (typeof pageSize === 'number') organization.pageSize = pageSize;
  return { form: organization.form, empty_pages: organization.emptyPages, page_size: organization.pageSize };
}

function memberOf(organization: SimulatedOrganization, id: string): OrganizationMember {
  const member = organization.members.get(id);
  if (member === undefined) throw new Fault('misconfigured', `account ${id} is not in the organization`);
  return member;
}

function isTags(given: unknown): given is Readonly<Record<string, string>> {
  return (
    typeof given === 'object' && given !== null && Object.values(given).every((value) => typeof value === 'string')
  );
}

function wrongUse(): Fault {
  return new Fault(
    'misconfigured',
    `organization: say {"account": "…", "do": "join" | "leave" | "rename" (to) | "set_state" (to: ${STATES.join(', ')}) | "tag" (tags)}, or {"do": "tell", "form", "empty_pages", "page_size"}`,
  );
}
