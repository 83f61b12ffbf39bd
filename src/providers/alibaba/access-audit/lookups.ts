import { z } from 'zod';
import type { Instant } from '../../../domain/instant.ts';
import { readInstant } from '../../../kit/read-instant.ts';
import { HISTORY_MS } from '../../shared/history.ts';
import type { Work } from '../audit/desk.ts';
import { isRefused, orRefused, type Refused } from '../audit/refusal.ts';
import type { TrailEvent } from '../audit-answers.ts';
import type { TrailApi } from '../trail-api.ts';
import { foldUse, foldUses, Uses } from './uses.ts';

const DAY_MS = 86_400_000;
/** ActionTrail takes no longer range of time in one call. */
const WINDOW_MS = 30 * DAY_MS;
/** What a crash repeats at most. */
const ANSWERS_OF_PAGE = 20;

/** By `user:<name>` and `role:<name>`: what each did, as far as events were read, newest first. */
export const LookedUp = z.union([
  z.object({ refused: z.string() }),
  z.object({
    by: z.record(z.string(), Uses),
    /** Everything after it was read. */
    since: z.number(),
    answers: z.number(),
    isAll: z.boolean(),
  }),
]);
export type LookedUp = z.infer<typeof LookedUp>;
type Read = Exclude<LookedUp, Refused>;

export interface LookUp {
  /** Of the pages of this look-up. */
  readonly name: string;
  /** Undefined: of everybody. */
  readonly user: string | undefined;
  readonly from: Instant;
  readonly mostAnswers: number;
}

/** All events since `from`, newest first, folded; `unfinished` when the shift is over. */
export async function lookUp(look: LookUp, api: TrailApi, work: Work): Promise<LookedUp | 'unfinished'> {
  const from = Math.max(look.from, work.startedAt - HISTORY_MS);
  let read: Read = { by: {}, since: work.startedAt, answers: 0, isAll: false };
  for (let number = 1; ; number += 1) {
    const name = `${look.name}-${number}`;
    const kept = await work.pages.find(name, LookedUp);
    if (kept === undefined && number > 1 && work.shift.isOver()) return 'unfinished';
    const before = read;
    const page: LookedUp = kept ?? (await work.pages.take(name, LookedUp, () => readOn(look, from, before, api, work)));
    if (isRefused(page)) return page;
    read = { ...page, by: joined(before.by, page.by), answers: before.answers + page.answers };
    if (read.isAll || read.answers >= look.mostAnswers) return read;
  }
}

/** Where it goes on is told by time, not by a token, which may not live as long as we are away: the last second is read twice. */
async function readOn(
  { user, mostAnswers }: LookUp,
  from: Instant,
  before: Read,
  api: TrailApi,
  work: Work,
): Promise<LookedUp> {
  const by: Record<string, Uses> = {};
  const most = Math.min(ANSWERS_OF_PAGE, mostAnswers - before.answers);
  let since = before.since;
  let answers = 0;
  // Whether the end of a range belongs to it is not told: ranges overlap by a second.
  for (let to = before.answers === 0 ? since : since + 1_000; ; ) {
    const start = Math.max(from, to - WINDOW_MS);
    for (let token: string | undefined, isMore = true; isMore; ) {
      const asked = { user, from: start, to, token };
      const answer = await orRefused('actiontrail:LookupEvents', work, () => api.lookUp(asked, work.signal));
      if (isRefused(answer)) return answer;
      answers += 1;
      for (const event of answer.Events) since = Math.min(since, Math.max(start, note(by, event)));
      isMore = answer.NextToken !== undefined && answer.NextToken !== token;
      token = answer.NextToken;
      // A second with more events than that offers no place to go on at but the token.
      if (isMore && answers >= most && since < before.since) return { by, since, answers, isAll: false };
    }
    since = start;
    if (start <= from) return { by, since, answers, isAll: true };
    if (answers >= most) return { by, since, answers, isAll: false };
    to = start + 1_000;
  }
}

/** When it was; what has no date is put nowhere. */
function note(by: Record<string, Uses>, event: TrailEvent): Instant {
  const { eventName: action, serviceName: service, acsRegion } = event;
  const at = readInstant(event.eventTime);
  if (at === undefined) return Number.POSITIVE_INFINITY;
  const who = actorOf(event);
  if (who !== undefined) {
    const uses = by[who] ?? {};
    by[who] = uses;
    foldUse(uses, { service, action, at, region: acsRegion ?? undefined });
  }
  return at;
}

/** A session's name is the role's, a colon, and its own. */
function actorOf({ userIdentity }: TrailEvent): string | undefined {
  const { type, userName } = userIdentity ?? {};
  if (typeof userName !== 'string' || userName === '') return undefined;
  if (type === 'ram-user') return `user:${userName}`;
  return type === 'assumed-role' ? `role:${userName.split(':')[0] ?? ''}` : undefined;
}

function joined(one: Record<string, Uses>, other: Record<string, Uses>): Record<string, Uses> {
  const by: Record<string, Uses> = { ...one };
  for (const [who, uses] of Object.entries(other)) {
    const all: Uses = {};
    foldUses(all, by[who] ?? {});
    foldUses(all, uses);
    by[who] = all;
  }
  return by;
}
