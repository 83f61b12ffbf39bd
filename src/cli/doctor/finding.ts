import type { Account } from '../../domain/account.ts';
import { Fault, type FaultKind } from '../../domain/fault.ts';
import { groupBy } from '../../kit/group-by.ts';
import { causeOf, fewOf } from '../alike.ts';
import { lineOf } from '../text.ts';

/** One thing that was tried, and how it went. */
export interface Finding {
  readonly about: string;
  readonly ok: boolean;
  readonly text: string;
  /** What to do about it. */
  readonly next?: string;
  /** The same for all that have one trouble in common. */
  readonly cause: string;
  readonly account?: Account;
}

/** What is told: one for each trouble, however many accounts have it. */
export interface Told {
  readonly about: string;
  readonly ok: boolean;
  readonly text: string;
  readonly next?: string;
  readonly cause: string;
  readonly accounts?: readonly {
    readonly provider: string;
    readonly account_id: string;
    readonly name: string;
    readonly organization?: string;
  }[];
}

/** Troubles of accounts by their cause, the most common first; what is well stays as it is. */
export function grouped(findings: readonly Finding[]): readonly Told[] {
  const groups = [...groupBy(findings, keyOf).values()];
  return groups
    .map(toldOf)
    .toSorted(
      (a, b) =>
        Number(a.ok) - Number(b.ok) ||
        (b.accounts?.length ?? 1) - (a.accounts?.length ?? 1) ||
        (a.about < b.about ? -1 : 1),
    );
}

/** Whoever is well is told apart: only troubles (and notes with something to do) have a cause in common. */
function keyOf({ account, ok, next, about, cause }: Finding): string {
  return account === undefined || (ok && next === undefined) ? `${about} ${cause}` : cause;
}

function toldOf(alike: readonly Finding[]): Told {
  const [first] = alike;
  if (first === undefined) throw new TypeError('a group has members'); // by its making
  const { ok, text, next, cause } = first;
  const accounts = alike.flatMap(({ account }) => (account === undefined ? [] : [account]));
  return {
    about: accounts.length < 2 ? first.about : aboutMany(accounts),
    ok,
    text,
    ...(next === undefined ? {} : { next }),
    cause,
    ...(accounts.length === 0 ? {} : { accounts: accounts.map(named) }),
  };
}

function aboutMany(accounts: readonly Account[]): string {
  const names = accounts.map(({ name }) => name);
  const organizations = new Set(accounts.map(({ organization }) => organization));
  const [of] = organizations;
  const where = organizations.size === 1 && of !== undefined ? ` of organization ${of}` : '';
  return `${names.length} accounts${where}: ${fewOf(names)}`;
}

function named({ provider, id, name, organization }: Account) {
  return { provider, account_id: id, name, ...(organization === undefined ? {} : { organization }) };
}

/** A Fault's own advice is the next step; without one its kind has one. */
function wrong(about: string, fault: Fault, account?: Account): Finding {
  const [what = '', ...advice] = lineOf(fault.message).split('; ');
  return {
    about,
    ok: false,
    text: `${fault.kind}: ${what}`,
    next: advice.length > 0 ? advice.join('; ') : NEXT[fault.kind],
    cause: `${account?.provider ?? about} ${fault.kind} ${causeOf(what, account)}`,
    ...(account === undefined ? {} : { account }),
  };
}

const NEXT: Readonly<Record<FaultKind, string>> = {
  denied: 'muster policy prints what must be allowed; --diff compares it with what is',
  misconfigured: 'mend the config (muster check reads it)',
  throttled: 'nothing, if it passes; else lower max_rps, or give Muster an identity of its own',
  unreachable: 'check the network, the proxy and the endpoint',
  malformed: 'keep the line and report it: this is not what the other side documents',
};

/** Resolves to what `attempt` says, or to what went wrong with it. */
export async function tried(
  about: string,
  attempt: () => Promise<string>,
  deadlineMs: number,
  account?: Account,
): Promise<Finding> {
  try {
    const text = await attempt();
    return { about, ok: true, text, cause: 'well', ...(account === undefined ? {} : { account }) };
  } catch (error) {
    if (error instanceof Fault) return wrong(about, error, account);
    if (error instanceof Error && error.name === 'TimeoutError')
      return wrong(about, new Fault('unreachable', `no answer within ${deadlineMs / 1_000} s`), account);
    throw error;
  }
}
