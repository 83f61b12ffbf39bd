import type { Instant } from '../../../domain/instant.ts';
import { pageKey } from '../../../kit/page-key.ts';
import { workThrough } from '../../../kit/shift.ts';
import type { Work } from '../audit/desk.ts';
import type { Listed } from '../audit/identities.ts';
import { isRefused } from '../audit/refusal.ts';
import type { TrailApi } from '../trail-api.ts';
import type { AccessSettings } from './kind.ts';
import { actorName, type Known } from './known.ts';
import { type LookedUp, lookUp } from './lookups.ts';
import { foldUses, type Uses } from './uses.ts';

/** Events come late. Those of so long are asked for once more by the next report. */
const OVERLAP_MS = 2 * 60 * 60_000;
const USERS_AT_ONCE = 6;

/** What events tell of one identity. */
export interface Seen {
  readonly uses: Uses;
  /** From when on all of them were read; undefined where none were. */
  readonly since: Instant | undefined;
  /** Why not all are known. */
  readonly why: string | undefined;
  /** For the next report. */
  readonly next: Known | undefined;
}

export interface EventsAsk {
  readonly people: readonly Listed[];
  readonly settings: Pick<AccessSettings, 'lookup' | 'lookup_pages'>;
  readonly known: (listed: Listed) => Known | undefined;
}

/** What ActionTrail's events tell of each; or what is still to be looked up when the shift is over. */
export async function askEvents(asked: EventsAsk, api: TrailApi, work: Work): Promise<readonly Seen[] | string> {
  const { people, settings, known } = asked;
  switch (settings.lookup) {
    case 'off':
      return people.map((one) => keeping(known(one), 'events are not looked up (lookup is off)'));
    case 'users':
      return ofUsers(asked, api, work);
    case 'all':
      return ofAll(asked, api, work);
  }
}

/** Back to where the one was left of whom the least is known. */
async function ofAll(
  { people, settings, known }: EventsAsk,
  api: TrailApi,
  work: Work,
): Promise<readonly Seen[] | string> {
  const from = Math.min(work.startedAt, ...people.map((one) => beginOf(one, known(one))));
  const look = { name: 'trail-all', user: undefined, from, mostAnswers: settings.lookup_pages };
  const found = await lookUp(look, api, work);
  if (found === 'unfinished') return 'events of the account';
  return people.map((one) => seenOf(one, found, known(one), work));
}

function beginOf({ created = 0 }: Listed, known: Known | undefined): Instant {
  return known === undefined ? created : known.until - OVERLAP_MS;
}

async function ofUsers(
  { people, settings, known }: EventsAsk,
  api: TrailApi,
  work: Work,
): Promise<readonly Seen[] | string> {
  const seen: Seen[] = people.map((one) =>
    keeping(known(one), 'who acted as a role is looked up with lookup: all only'),
  );
  const users = people.flatMap((listed, index) => (listed.kind === 'user' ? [{ listed, index }] : []));
  const mostAnswers = settings.lookup_pages;
  const left = await workThrough(users, USERS_AT_ONCE, work.shift, async ({ listed, index }, number) => {
    const before = known(listed);
    const from = beginOf(listed, before);
    const name = pageKey('trail', number + 1);
    const found = await lookUp({ name, user: listed.name, from, mostAnswers }, api, work);
    if (found === 'unfinished') return found;
    seen[index] = seenOf(listed, found, before, work);
    return 'done';
  });
  return left > 0 ? `events of ${left} users` : seen;
}

function keeping(known: Known | undefined, why: string): Seen {
  return { uses: known?.uses ?? {}, since: undefined, why, next: known };
}

/** What was seen once stays seen, also when ActionTrail has forgotten it. */
function seenOf(listed: Listed, found: LookedUp, before: Known | undefined, { startedAt }: Work): Seen {
  if (isRefused(found)) return keeping(before, `ActionTrail refused to look events up (${found.refused})`);
  const uses: Uses = {};
  foldUses(uses, before?.uses ?? {});
  foldUses(uses, found.by[actorName(listed)] ?? {});
  const since = before !== undefined && found.isAll ? Math.min(before.since, found.since) : found.since;
  const { created } = listed;
  const next: Known = { ...(created === undefined ? {} : { created }), since, until: startedAt, uses };
  const why = found.isAll ? undefined : 'it has more events than were read: older uses are not seen';
  return { uses, since, why, next };
}
