import { z } from 'zod';
import type { Attempt } from '../../../domain/attempt.ts';
import { formatInstant } from '../../../domain/instant.ts';
import type { Part, RawReport } from '../../../domain/report.ts';
import { ask, insist } from '../../../kit/asking.ts';
import { concurrently } from '../../../kit/concurrently.ts';
import { readJson, writeJson } from '../../../kit/json-bytes.ts';
import { shiftOf } from '../../../kit/shift.ts';
import type { Look } from '../../provider.ts';
import { addSummary } from '../../shared/account-summary.ts';
import { ACCESS_KEYS_PART, type AccessKeysPart } from '../../shared/listed-keys.ts';
import type { ReportApi } from '../api.ts';
import { askerOf, type Desk } from './desk.ts';
import { lastToldBy } from './last-told.ts';
import { countUsers, endless, nextMarker } from './lists.ts';
import { notVisibleWithoutReport, reasonOf, summary } from './not-visible.ts';
import { REPORT_PART, SYNTHESIS_PART, type SynthesisPart } from './parts.ts';
import { userNameOf } from './row.ts';
import { synthesisedTable } from './synthesised-table.ts';
import { askUser, damaged, type Interview, isUntold, UserAnswers } from './user-answers.ts';

/** A crash repeats the questions about so many users at most, and between two pages the worker may be handed back. */
const USERS_IN_A_PAGE = 100;
const AT_A_TIME = 4;
const MOST_PAGES = 10_000;
const MOST_NAMED = 1_000;
const CUT = ['Comments', 'DisplayName', 'Email', 'MobilePhone', 'MFADevice.SerialNumber'];

/** One page of users and all that was asked about them: kept before the next page is begun. */
const PageOfAnswers = z.object({
  version: z.literal(1),
  next: z.string().optional(),
  users: z.array(UserAnswers),
  dropped: z.array(z.string()),
});
type PageOfAnswers = z.infer<typeof PageOfAnswers>;

/** The report that the cloud does not make, from what its APIs tell of each user; `more` when it is not done yet. */
export async function synthesise(
  attempt: Attempt,
  api: ReportApi,
  desk: Desk,
  look: Look,
): Promise<RawReport | 'more'> {
  const shift = shiftOf(attempt.startedAt, look.clock);
  const now = () => formatInstant(look.clock.now());
  const interview: Interview = { api, asker: askerOf(desk, look), refused: new Set(), now };
  const pages: PageOfAnswers[] = [];
  for (let marker: string | undefined, number = 1; number <= MOST_PAGES; number += 1) {
    const key = `users-${String(number).padStart(4, '0')}`;
    const kept = read(await attempt.get(key), key, desk);
    if (kept === undefined && shift.isOver()) return 'more';
    if (kept === undefined) shift.begin();
    const page = kept ?? (await askAndKeep(attempt, key, marker, interview, desk));
    pages.push(page);
    if (page.next === undefined) return reportOf(pages, attempt, api, desk, look);
    if (page.next === marker) throw endless(desk);
    marker = page.next;
  }
  throw endless(desk);
}

/** Whoever was first has answered: two collectors must make one report. */
async function askAndKeep(
  attempt: Attempt,
  key: string,
  marker: string | undefined,
  interview: Interview,
  desk: Desk,
): Promise<PageOfAnswers> {
  const asked = await askPage(marker, interview);
  await attempt.put(key, writeJson(asked));
  return read(await attempt.get(key), key, desk) ?? asked;
}

async function askPage(marker: string | undefined, interview: Interview): Promise<PageOfAnswers> {
  const { api, asker } = interview;
  const listed = insist(await ask(() => api.principals(marker, USERS_IN_A_PAGE, asker.signal), asker));
  const answers = new Map<string, UserAnswers>();
  await concurrently(listed.users.user, AT_A_TIME, async (principal) => {
    const answer = await askUser(principal, interview);
    if (answer !== undefined) answers.set(principal.userId, answer);
  });
  const next = nextMarker(listed);
  const inOrder = listed.users.user.map((principal) => ({ principal, answer: answers.get(principal.userId) }));
  return {
    version: 1,
    ...(next === undefined ? {} : { next }),
    users: inOrder.flatMap(({ answer }) => (answer === undefined ? [] : [answer])),
    dropped: inOrder.flatMap(({ principal, answer }) => (answer === undefined ? [principal.userPrincipalName] : [])),
  };
}

function read(bytes: Uint8Array | undefined, key: string, desk: Desk): PageOfAnswers | undefined {
  const page = readJson(bytes, PageOfAnswers);
  if (page === 'damaged') throw damaged(key, desk.accountId);
  return page;
}

async function reportOf(
  pages: readonly PageOfAnswers[],
  attempt: Attempt,
  api: ReportApi,
  desk: Desk,
  look: Look,
): Promise<RawReport> {
  // Users that came or went while we read may stand on two pages.
  const users = [...new Map(pages.flatMap((page) => page.users).map((user) => [user.user_id, user])).values()];
  const untold = untoldOf(users);
  const lastTold = await lastToldBy(look);
  const synthesis: SynthesisPart = {
    version: 1,
    why: 'the account has more than 3,500 RAM users, for which Alibaba Cloud makes no report',
    users: users.length,
    dropped: pages.flatMap((page) => page.dropped).slice(0, MOST_NAMED),
    untold: untold.cells.slice(0, MOST_NAMED),
    ...(lastTold.asOf === undefined ? {} : { last_told: lastTold.asOf }),
  };
  const parts: Part[] = [
    { name: REPORT_PART, bytes: synthesisedTable(users, lastTold) },
    { name: SYNTHESIS_PART, bytes: writeJson(synthesis) },
  ];
  if (desk.keyIds) parts.push({ name: ACCESS_KEYS_PART, bytes: writeJson(keysOf(users)) });
  const uncounted = await addSummary(parts, () => countUsers(api, look.signal), desk, askerOf(desk, look));
  return {
    generatedAt: attempt.startedAt,
    collectedAt: look.clock.now(),
    origin: 'synthesised',
    requestIds: [],
    parts,
    notVisible: notVisibleWithoutReport(lastTold.asOf, [
      ...untold.words,
      ...(desk.keyIds ? [] : ['access key ids (key_ids is off)']),
      ...summary(uncounted),
    ]),
    cut: CUT,
  };
}

function keysOf(users: readonly UserAnswers[]): AccessKeysPart {
  return {
    version: 1,
    users_asked_at: users[0]?.asked_at ?? '',
    users: users.map(({ name, user_id, created, asked_at, keys }) => ({
      name: userNameOf(name),
      user_id,
      created,
      asked_at,
      keys: keys.map(({ id, created, status }) => ({ id, created, status })),
    })),
  };
}

function untoldOf(users: readonly UserAnswers[]) {
  const cells = users.flatMap(({ name, profile, mfa, keys }) => [
    ...(isUntold(profile) ? [{ user: name, what: 'console login (ram:GetLoginProfile)', why: profile.untold }] : []),
    ...(isUntold(mfa) ? [{ user: name, what: 'MFA (ram:GetUserMFAInfo)', why: mfa.untold }] : []),
    ...keys.flatMap(({ last_used: used }) =>
      isUntold(used) ? [{ user: name, what: 'last use of a key (ram:GetAccessKeyLastUsed)', why: used.untold }] : [],
    ),
  ]);
  const counts = new Map<string, { readonly why: (typeof cells)[number]['why']; users: Set<string> }>();
  for (const { user, what, why } of cells) {
    const count = counts.get(what) ?? { why, users: new Set() };
    counts.set(what, count);
    count.users.add(user);
  }
  const words = [...counts].map(([what, { why, users: named }]) => {
    const permission = /\((.*)\)/.exec(what)?.[1] ?? what;
    return `${what.replace(/ \(.*/, '')} of ${named.size} ${named.size === 1 ? 'user' : 'users'} (${reasonOf(why, permission)})`;
  });
  return { cells, words };
}
