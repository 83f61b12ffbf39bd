import { z } from 'zod';
import type { Instant } from '../../../domain/instant.ts';
import { readInstant } from '../../../kit/read-instant.ts';
import { HISTORY_MS } from '../../shared/history.ts';
import type { Work } from '../audit/desk.ts';
import { isRefused, orRefused, Refused } from '../audit/refusal.ts';
import type { TrailEvent } from '../audit-answers.ts';
import type { TrailApi } from '../trail-api.ts';
import { foldUse, foldUses, Uses } from './uses.ts';

const DAY_MS = 86_400_000;
/** ActionTrail takes no longer range of time in one call. */
const WINDOW_MS = 30 * DAY_MS;

/** By `user:<name>` and `role:<name>`: what each did. */
const By = z.record(z.string(), Uses);

/** One answer, folded; `from` is the begin of the range that was asked for, and with a token there is more of it. */
const Answer = z.union([
  Refused,
  z.object({ by: By, oldest: z.number(), from: z.number(), token: z.string().optional() }),
]);
type Answer = z.infer<typeof Answer>;

interface Read {
  /** What each did, as far as events were read, newest first. */
  readonly by: z.infer<typeof By>;
  /** Everything after it was read. */
  readonly since: Instant;
  readonly answers: number;
  readonly isAll: boolean;
}
export type LookedUp = Refused | Read;

export interface LookUp {
  /** Of the pages of this look-up. */
  readonly name: string;
  /** Undefined: of everybody. */
  readonly user: string | undefined;
  readonly from: Instant;
  readonly mostAnswers: number;
}

/** Where the next answer is: behind a token, which may not live as long as we are away, or from a time on. */
interface Place {
  readonly from: Instant;
  readonly to: Instant;
  readonly token: string | undefined;
}

/** All events since `from`, newest first, folded; `unfinished` when the shift is over. */
export async function lookUp(look: LookUp, api: TrailApi, work: Work): Promise<LookedUp | 'unfinished'> {
  const { startedAt, pages, shift } = work;
  const from = Math.max(look.from, startedAt - HISTORY_MS);
  const by: Record<string, Uses> = {};
  let since = startedAt;
  let place: Place = rangeTo(startedAt, from);
  for (let answers = 1; ; answers += 1) {
    const name = `${look.name}-${answers}`;
    const kept = await pages.find(name, Answer);
    if (kept === undefined && answers > 1 && shift.isOver()) return 'unfinished';
    const at = place;
    const answer = kept ?? (await pages.take(name, Answer, () => askAt(at, look.user, api, work)));
    if (isRefused(answer)) return answer;
    for (const [who, uses] of Object.entries(answer.by)) foldUses(usesBy(by, who), uses);
    since = Math.min(since, answer.token === undefined ? answer.from : Math.max(answer.from, answer.oldest));
    if (answer.token === undefined && since <= from) return { by, since, answers, isAll: true };
    if (answers >= look.mostAnswers) return { by, since, answers, isAll: false };
    const isFresh = kept === undefined && answer.token !== undefined;
    // Whether the end of a range belongs to it is not told: ranges overlap by a second.
    place = isFresh ? { ...at, token: answer.token } : rangeTo(since + 1_000, from);
  }
}

function rangeTo(to: Instant, from: Instant): Place {
  return { from: Math.max(from, to - WINDOW_MS), to, token: undefined };
}

async function askAt(place: Place, user: string | undefined, api: TrailApi, work: Work): Promise<Answer> {
  const operation = 'actiontrail:LookupEvents';
  const answer = await orRefused(operation, work, () => api.lookUp({ user, ...place }, work.signal));
  if (isRefused(answer)) return answer;
  const by: Record<string, Uses> = {};
  const oldest = answer.Events.reduce((at, event) => Math.min(at, note(by, event)), place.to);
  const { NextToken: token } = answer;
  return { by, oldest, from: place.from, ...(token === undefined || token === place.token ? {} : { token }) };
}

/** When it was; what has no date is put nowhere. */
function note(by: Record<string, Uses>, event: TrailEvent): Instant {
  const { eventName: action, serviceName: service, acsRegion } = event;
  const at = readInstant(event.eventTime);
  if (at === undefined) return Number.POSITIVE_INFINITY;
  const who = actorOf(event);
  if (who !== undefined) {
    foldUse(usesBy(by, who), { service, action, at, region: acsRegion ?? undefined });
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

function usesBy(by: Record<string, Uses>, who: string): Uses {
  const uses = by[who] ?? {};
  by[who] = uses;
  return uses;
}
