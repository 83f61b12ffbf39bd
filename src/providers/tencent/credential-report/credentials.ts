import type { Fault } from '../../../domain/fault.ts';
import { concurrently } from '../../../kit/concurrently.ts';
import type { SafeAuthAnswer } from '../answers.ts';
import type { CamApi } from '../api.ts';
import { isNotAllowed } from '../faults.ts';
import type { Asker, Told } from './asking.ts';
import { CredentialsPage, DetailsPage, LastUsedPage, type Pages, type PersonsCredentials, pageKey } from './pages.ts';

/** People of one page: what a crash repeats at most. */
const PEOPLE_OF_PAGE = 25;
/** As many as the cloud takes in one call. */
const DETAILS_OF_CALL = 50;
const KEYS_OF_CALL = 10;
const CALLS_OF_PAGE = 5;
const AT_ONCE = 8;
const MANY_FAILED = 3;

export type Details = Exclude<DetailsPage, { refused: string }>['accounts'][number];

/** By account id: its details, or the code by which they were refused. */
export async function askDetails(
  uins: readonly number[],
  api: CamApi,
  pages: Pages,
  asker: Asker,
): Promise<ReadonlyMap<number, Details | string>> {
  const found = new Map<number, Details | string>();
  for (const [index, batch] of inBatches(uins, DETAILS_OF_CALL).entries()) {
    const page = await pages.take(pageKey('details', index + 1), DetailsPage, async () => {
      const told = await asker.askIfUseful('cam:DescribeSubAccounts', () => api.subAccounts(batch, asker.signal));
      if ('refused' in told) return { refused: told.refused };
      const { SubAccounts, RequestId } = told.told;
      return { request_id: RequestId, accounts: SubAccounts };
    });
    if ('refused' in page) for (const uin of batch) found.set(uin, page.refused);
    else for (const account of page.accounts) found.set(account.Uin, account);
  }
  return found;
}

/** Keys and flags have a limit each, so they are asked side by side. */
export async function askCredentials(
  uins: readonly number[],
  api: CamApi,
  pages: Pages,
  asker: Asker,
): Promise<ReadonlyMap<number, PersonsCredentials>> {
  const found = new Map<number, PersonsCredentials>();
  for (const [index, batch] of inBatches(uins, PEOPLE_OF_PAGE).entries()) {
    const page = await pages.take(pageKey('credentials', index + 1), CredentialsPage, () =>
      askPeople(batch, api, asker),
    );
    for (const person of page.people) found.set(person.Uin, person);
  }
  return found;
}

async function askPeople(batch: readonly number[], api: CamApi, asker: Asker): Promise<CredentialsPage> {
  const keys = new Map<number, PersonsCredentials['keys']>();
  const flags = new Map<number, PersonsCredentials['flags']>();
  const failed: Fault[] = [];
  async function askKeys(): Promise<void> {
    await concurrently(batch, AT_ONCE, async (uin) => {
      const told = await asker.ask('cam:ListAccessKeys', () => api.accessKeys(uin, asker.signal));
      if ('refused' in told && isNotAllowed(told.refused)) throw told.fault;
      if ('refused' in told && told.fault.kind === 'unreachable') failed.push(told.fault);
      keys.set(
        uin,
        answerOf(told, ({ AccessKeys, RequestId }) => ({ request_id: RequestId, keys: AccessKeys })),
      );
    });
  }
  async function askFlags(): Promise<void> {
    await concurrently(batch, AT_ONCE, async (uin) => {
      const told = await asker.askIfUseful('cam:DescribeSafeAuthFlagColl', () => api.safeAuth(uin, asker.signal));
      flags.set(uin, answerOf(told, flagsOf));
    });
  }
  await bothEnded(askKeys(), askFlags());
  // One of whom the cloud cannot tell is named; half of all are an outage, and worth another try.
  const [first] = failed;
  if (first !== undefined && failed.length >= MANY_FAILED && failed.length > batch.length / 2) throw first;
  const none = { refused: 'not asked' };
  return { people: batch.map((Uin) => ({ Uin, keys: keys.get(Uin) ?? none, flags: flags.get(Uin) ?? none })) };
}

/** Nothing is left running when one of them fails. */
async function bothEnded(...work: readonly Promise<void>[]): Promise<void> {
  const ended = await Promise.allSettled(work);
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
}

function answerOf<T, A>(told: Told<T>, read: (answer: T) => A): A | { readonly refused: string } {
  return 'refused' in told ? { refused: told.refused } : read(told.told);
}

function flagsOf({ LoginFlag, ActionFlag, RequestId }: SafeAuthAnswer) {
  return { request_id: RequestId, login: setOf(LoginFlag), action: setOf(ActionFlag) };
}

function setOf(flags: SafeAuthAnswer['LoginFlag']): string[] {
  return Object.entries(flags ?? {})
    .filter(([, flag]) => flag === 1)
    .map(([name]) => name)
    .sort();
}

/** When a key was last used: an instant, or only a day that is up to a day late. */
export type LastUse = { readonly at?: number | undefined; readonly day?: string | undefined } | string;

export async function askLastUses(
  secretIds: readonly string[],
  api: CamApi,
  pages: Pages,
  asker: Asker,
): Promise<ReadonlyMap<string, LastUse>> {
  const found = new Map<string, LastUse>();
  const calls = inBatches(secretIds, KEYS_OF_CALL);
  for (const [index, batch] of inBatches(calls, CALLS_OF_PAGE).entries()) {
    const page = await pages.take(pageKey('last-used', index + 1), LastUsedPage, async () => {
      const answers: LastUsedPage['calls'] = Array.from({ length: batch.length }, () => ({ keys: [] }));
      await concurrently(batch.entries(), CALLS_OF_PAGE, async ([place, ids]) => {
        const told = await asker.askIfUseful('cam:GetSecurityLastUsed', () => api.lastUsed(ids, asker.signal));
        answers[place] =
          'refused' in told
            ? { refused: told.refused, ids: [...ids] }
            : { request_id: told.told.RequestId, keys: told.told.SecretIdLastUsedRows };
      });
      return { calls: answers };
    });
    for (const call of page.calls) {
      if ('refused' in call) for (const id of call.ids) found.set(id, call.refused);
      else for (const key of call.keys) found.set(key.SecretId, { at: key.LastSecretUsedDate, day: key.LastUsedDate });
    }
  }
  return found;
}

function inBatches<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  );
}
