import { Fault } from '../domain/fault.ts';
import { formatInstant, type Instant } from '../domain/instant.ts';
import type { History } from './history.ts';

export interface RollMember {
  readonly id: string;
  name: string;
  /** In the cloud's own words. */
  state: string;
  readonly joinedAt: Instant;
  tags: Readonly<Record<string, string>>;
}

/** Who is in an organisation of a cloud that lists its members in numbered pages, and how it tells. */
export interface MemberRoll {
  readonly managementId: string;
  /** In their order, without the management account. */
  readonly members: Map<string, RollMember>;
  /** Accounts that may list the members, beside the management account. */
  readonly delegated: Set<string>;
  /** Neither cloud's documentation says whether it does. */
  listsManagement: boolean;
  /** Puts an empty page before each page. */
  emptyPages: boolean;
  /** A page holds so many, whatever was asked for. */
  pageSize: number | undefined;
  /** Somebody joins or leaves after so many more pages were told. */
  moves: { afterPages: number; readonly move: () => void } | undefined;
}

export interface RollOptions {
  /** How many of the accounts are members, the first ones; all when absent. */
  readonly members?: number;
  readonly delegated?: readonly string[];
  readonly listsManagement?: boolean;
  readonly emptyPages?: boolean;
  readonly pageSize?: number;
}

export interface RollAccount {
  readonly id: string;
  readonly name: string;
}

interface RollWorld {
  readonly clock: { now(): Instant };
  readonly history: History;
  readonly accounts: ReadonlyMap<string, RollAccount>;
}

/** Nobody is in it yet but the management account. */
export function newRoll(managementId: string): MemberRoll {
  return {
    managementId,
    members: new Map(),
    delegated: new Set(),
    listsManagement: false,
    emptyPages: false,
    pageSize: undefined,
    moves: undefined,
  };
}

export function fillRoll(roll: MemberRoll, world: RollWorld, ids: readonly string[], options: RollOptions): void {
  roll.listsManagement = options.listsManagement ?? false;
  roll.emptyPages = options.emptyPages ?? false;
  roll.pageSize = options.pageSize;
  for (const id of options.delegated ?? []) roll.delegated.add(id);
  for (const id of ids.slice(0, options.members ?? ids.length)) {
    const account = world.accounts.get(id);
    if (account !== undefined) join(roll, account, world.clock.now());
  }
}

function join(roll: MemberRoll, { id, name }: RollAccount, joinedAt: Instant): void {
  roll.members.set(id, { id, name, state: '', joinedAt, tags: {} });
}

/** One page of the list, and how many there are. The first is 0. */
export function rollPage(roll: MemberRoll, management: RollAccount | undefined, index: number, size: number) {
  const host = { id: roll.managementId, name: management?.name ?? '', state: '', joinedAt: 0, tags: {} };
  const all: readonly RollMember[] = [...(roll.listsManagement ? [host] : []), ...roll.members.values()];
  const isEmpty = roll.emptyPages && index % 2 === 0;
  const held = Math.min(size, roll.pageSize ?? size);
  const from = (roll.emptyPages ? Math.floor(index / 2) : index) * held;
  const page = { rows: isEmpty ? [] : all.slice(from, from + held), total: all.length };
  if (roll.moves !== undefined && --roll.moves.afterPages === 0) {
    roll.moves.move();
    roll.moves = undefined;
  }
  return page;
}

/** From the control plane's JSON: who is in the organisation, and how it tells. Written to the history. */
export function changeRoll(roll: MemberRoll, world: RollWorld, body: Readonly<Record<string, unknown>>): unknown {
  const { account: id, do: action, cloud: _, ...rest } = body;
  if (action === 'tell') return tellAs(roll, rest);
  if (typeof id !== 'string' || typeof action !== 'string') throw wrongUse();
  const account = world.accounts.get(id);
  if (account === undefined) throw new Fault('misconfigured', `there is no account ${id}`);
  if (action === 'join') join(roll, account, world.clock.now());
  else changeMember(roll, id, action, rest);
  const at = world.clock.now();
  world.history.add(at, { account: id, action: `organization.${action}`, user: '', user_id: id, details: rest });
  return { at: formatInstant(at), members: roll.members.size };
}

function changeMember(roll: MemberRoll, id: string, action: string, given: Readonly<Record<string, unknown>>): void {
  const { to, tags } = given;
  const member = roll.members.get(id);
  if (member === undefined) throw new Fault('misconfigured', `account ${id} is not in the organization`);
  if (action === 'leave') roll.members.delete(id);
  else if (action === 'delegate') roll.delegated.add(id);
  else if (action === 'rename' && typeof to === 'string') member.name = to;
  else if (action === 'set_state' && typeof to === 'string') member.state = to;
  else if (action === 'tag' && isTags(tags)) member.tags = tags;
  else throw wrongUse();
}

function tellAs(roll: MemberRoll, given: Readonly<Record<string, unknown>>): unknown {
  const { empty_pages: emptyPages, page_size: pageSize, lists_management: listsManagement } = given;
  if (typeof emptyPages === 'boolean') roll.emptyPages = emptyPages;
  if (typeof pageSize === 'number') roll.pageSize = pageSize;
  if (typeof listsManagement === 'boolean') roll.listsManagement = listsManagement;
  return { empty_pages: roll.emptyPages, page_size: roll.pageSize, lists_management: roll.listsManagement };
}

function isTags(given: unknown): given is Readonly<Record<string, string>> {
  return (
    typeof given === 'object' && given !== null && Object.values(given).every((value) => typeof value === 'string')
  );
}

function wrongUse(): Fault {
  return new Fault(
    'misconfigured',
    'organization: say {"account": "…", "do": "join" | "leave" | "delegate" | "rename" (to) | "set_state" (to) | "tag" (tags)}, or {"cloud": "…", "do": "tell", "empty_pages", "page_size", "lists_management"}',
  );
}
