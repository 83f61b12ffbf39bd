import { exceptionsFor, isMeant } from '../derive/exceptions.ts';
import type { Account } from '../domain/account.ts';
import type { FindingSubject } from '../domain/finding.ts';
import { isOver } from '../domain/instant.ts';
import { sourceName } from '../domain/names.ts';
import type { Exception } from '../domain/rules.ts';
import { knownAccounts } from '../pipeline/accounts.ts';
import { memberLists } from '../pipeline/member-lists.ts';
import type { Stage } from '../pipeline/stage.ts';
import { newestReport } from './newest-report.ts';
import { identitiesIn } from './who/subjects.ts';

type Identity = FindingSubject['identity'];

/** Something in the config that covers nobody, and why that is known. */
export interface Idle {
  /** `exceptions[2] (payments, until 2027-03-01)`. */
  readonly about: string;
  readonly why: string;
}

/** Exceptions that no known account, or nobody in the newest reports, is meant by. What is over, the config's own warnings say. */
export async function idleExceptions(stage: Stage): Promise<readonly Idle[]> {
  const accounts = stage.exceptions.length === 0 ? [] : await knownAccounts(stage);
  const now = stage.clock.now();
  const coveredBy = (one: Exception) => accounts.filter((account) => exceptionsFor([one], account, now).length > 0);
  const identitiesOf = readerOf(stage);
  const idle: Idle[] = [];
  for (const [index, exception] of stage.exceptions.entries()) {
    if (isOver(exception, now)) continue;
    const about = `exceptions[${index}] (${exception.owner}, until ${exception.until})`;
    for (const one of oneByOne(exception))
      if (coveredBy(one).length === 0) idle.push({ about, why: whyNoAccount(one) });
    const covered = coveredBy(exception);
    if (covered.length > 0) for (const why of await unmet(exception, covered, identitiesOf)) idle.push({ about, why });
  }
  return idle;
}

/** The same for each of its accounts, where it names some. */
function oneByOne(exception: Exception): readonly Exception[] {
  return exception.accounts?.map((account) => ({ ...exception, accounts: [account] })) ?? [exception];
}

function whyNoAccount({ accounts = [], labels = {} }: Exception): string {
  const named = accounts.length === 0 ? '' : ` named ${accounts.join(', ')}`;
  const labelled = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return `there is no account${named}${labelled.length === 0 ? '' : ` with the labels ${labelled.join(', ')}`}`;
}

/** Says each pattern that nobody is meant by; none while an account has no report, because they may be of it. */
async function unmet(
  { identities = [] }: Exception,
  covered: readonly Account[],
  identitiesOf: ReturnType<typeof readerOf>,
): Promise<readonly string[]> {
  let left = identities;
  for (const account of covered) {
    if (left.length === 0) return [];
    const known = await identitiesOf(account);
    if (known === undefined) return [];
    left = left.filter((pattern) => !known.some((identity) => isMeant(pattern, identity)));
  }
  return left.map((pattern) => `no identity in the newest reports is meant by ${JSON.stringify(pattern)}`);
}

/** Whom an account's newest reports name; undefined while one of them is not there, or not whole. Each is read once. */
function readerOf(stage: Stage): (account: Account) => Promise<readonly Identity[] | undefined> {
  const read = async ({ provider, id, reports }: Account) => {
    const found: Identity[] = [];
    for (const kind of Object.keys(reports)) {
      const report = await newestReport(stage, sourceName({ provider, accountId: id, kind }));
      if (report === undefined) return undefined;
      found.push(...identitiesIn(report));
    }
    return found;
  };
  const known = new Map<Account, ReturnType<typeof read>>();
  return (account) => {
    const reading = known.get(account) ?? read(account);
    known.set(account, reading);
    return reading;
  };
}

/** Accounts that are excluded from an organisation which does not have them, as it was last listed. */
export async function idleExclusions(stage: Stage): Promise<readonly Idle[]> {
  return (await memberLists(stage)).flatMap(({ organization, list }) => {
    if (list === undefined) return [];
    const members = new Set(list.members.map(({ id }) => id));
    return organization.exclude
      .filter((one) => !members.has(one.accountId) && !isOver(one, stage.clock.now()))
      .map(({ accountId, owner, until }) => ({
        about: `exclude of organization ${organization.name} (${owner}, until ${until})`,
        why: `the organization has no account ${accountId}, as listed at ${list.listed_at}`,
      }));
  });
}
