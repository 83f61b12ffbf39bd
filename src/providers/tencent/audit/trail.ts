import { z } from 'zod';
import { Fault } from '../../../domain/fault.ts';
import type { Instant } from '../../../domain/instant.ts';
import { type PackedEvents, packEvents, type ToldEvent } from '../../../kit/event-lines.ts';
import { type Fold, sortedUses } from '../../../kit/use-fold.ts';
import { wholeSecond } from '../../../kit/whole-second.ts';
import { AuditEvent, type EventsAnswer } from '../audit-answers.ts';
import type { Attribute, AuditApi } from '../audit-api.ts';
import type { Told } from '../credential-report/asking.ts';
import type { Work } from './desk.ts';
import { seenOf, toldOf } from './events.ts';
import { type Depth, foldEvent, type Seen } from './fold.ts';
import type { Known } from './known.ts';
import { LOOK_UP } from './regions.ts';
import { historyFrom, overlapMs, type Window, windowsOf } from './windows.ts';

/** What was learnt of one key or identity since the head: `uses` of events that are settled, `recent` ones that are not. */
export type TrailPage = Refusal | (Known & { readonly told?: PackedEvents });

interface Refusal {
  readonly why: string;
  /** A failure may be the first of an outage: whoever comes next asks again. */
  readonly mayPass?: boolean | undefined;
}

const Place = z.object({ window: z.number(), region: z.number(), token: z.string().optional() });
type Place = z.infer<typeof Place>;

/** One answer, less what was told before, and where it goes on; without `next` it was the last. */
const Answer = z.object({
  window: z.number(),
  region: z.string(),
  events: z.array(AuditEvent),
  next: Place.optional(),
});
type Answer = z.infer<typeof Answer>;

const Kept = z.union([z.object({ why: z.string() }), Answer]);

export interface TrailLook {
  readonly attribute: Attribute;
  readonly value: string;
  /** It did nothing before. */
  readonly createdAt: Instant | undefined;
  readonly regions: readonly string[];
  readonly depth: Depth;
  readonly known: Known | undefined;
  /** Whether the events are kept as they were told, too. */
  readonly oneByOne: boolean;
  /** Of its pages. */
  readonly name: string;
}

interface Walk {
  readonly look: TrailLook;
  readonly windows: readonly Window[];
  readonly api: AuditApi;
  readonly work: Work;
}

/** So many calls at least. */
export function callsOf(look: Pick<TrailLook, 'known' | 'createdAt' | 'regions'>, startedAt: Instant): number {
  return windowsOf(beginOf(look, startedAt), startedAt).length * look.regions.length;
}

function beginOf({ known, createdAt }: Pick<TrailLook, 'known' | 'createdAt'>, startedAt: Instant): Instant {
  return Math.max(known?.settledAt ?? historyFrom(startedAt, createdAt), historyFrom(startedAt, undefined));
}

/** All events since it was last looked at, window by window; `unfinished` when the shift is over. */
export async function lookUp(look: TrailLook, api: AuditApi, work: Work): Promise<TrailPage | 'unfinished'> {
  const { startedAt, pages, shift } = work;
  const from = beginOf(look, startedAt);
  // Where too long a time has passed, what was in between was forgotten.
  const since = look.known !== undefined && from === look.known.settledAt ? look.known.since : from;
  const walk: Walk = { look, windows: windowsOf(from, startedAt), api, work };
  const settledAt = wholeSecond(startedAt - overlapMs);
  const gathered = gathering(walk, settledAt);
  const names: string[] = [];
  let place: Place | undefined = { window: 0, region: 0 };
  let isOld = false;
  for (let number = 1; place !== undefined; number += 1) {
    const name = `${look.name}-${number}`;
    const kept: z.infer<typeof Kept> | undefined = await pages.find(name, Kept);
    if (kept === undefined && number > 1 && shift.isOver()) return 'unfinished';
    const answer: Answer | Refusal = kept ?? gathered.newOf(await askAt(walk, place, isOld));
    if ('why' in answer && answer.mayPass === true) return answer;
    const page: z.infer<typeof Kept> = kept ?? (await pages.take(name, Kept, async () => answer));
    if ('why' in page) return page;
    names.push(name);
    gathered.add(page);
    place = page.next;
    isOld = kept !== undefined;
  }
  for (const name of names) pages.release(name);
  const { told, ...whole } = gathered.whole();
  const asked = { key: look.value, regions: look.regions, from, to: startedAt, goesOn: look.known !== undefined };
  return { since, settledAt, ...whole, ...(look.oneByOne ? { told: await packEvents(asked, told) } : {}) };
}

/** Each event once, by its id, whoever told it. One window is in memory at a time, and what is kept one by one. */
function gathering({ look, windows, work }: Walk, settledAt: Instant) {
  const fold: Fold = new Map();
  const recent: Seen[] = [];
  const told: ToldEvent[] = [];
  const known = new Map(look.known?.recent.map((event) => [event.id, event]));
  const who = `account ${work.desk.accountId}`;
  let current = 0;
  let events = new Map<string, Seen>();
  function settle(next: number): void {
    for (; current < next; current += 1) {
      const window = windows[current];
      for (const event of known.values())
        if (window !== undefined && isWithin(event, window)) events.set(event.id, event);
      for (const event of events.values()) {
        if (event.at >= settledAt) recent.push(event);
        else foldEvent(fold, event);
      }
      events = new Map();
    }
  }
  // Nobody asks for these any more: CloudAudit has forgotten them.
  const oldest = windows.at(-1)?.from ?? 0;
  for (const event of known.values()) if (event.at < oldest) foldEvent(fold, event);
  return {
    /** Less what another page or the head has, and what was not meant. */
    newOf(answer: Answer | Refusal): Answer | Refusal {
      if ('why' in answer) return answer;
      const window = windows[answer.window];
      const fresh = new Map<string, AuditEvent>();
      for (const event of answer.events) {
        const seen = seenOf(event, answer.region, who);
        if (window === undefined || !isWithin(seen, window)) continue;
        if (!known.has(seen.id) && !events.has(seen.id)) fresh.set(seen.id, event);
      }
      return { ...answer, events: [...fresh.values()] };
    },
    add({ window, region, events: answered }: Answer) {
      settle(window);
      for (const event of answered) {
        const seen = seenOf(event, region, who);
        events.set(seen.id, seen);
        if (look.oneByOne) told.push({ region, event });
      }
    },
    whole() {
      settle(windows.length);
      const sorted = recent.toSorted((one, other) => one.at - other.at || (one.id < other.id ? -1 : 1));
      return { uses: [...sortedUses(fold)], recent: sorted, told };
    },
  };
}

function isWithin({ at }: Seen, { from, to }: Window): boolean {
  return at >= from && at < to;
}

/** `isOld`: the token was not told just now, and may not have lived as long as we were away. Then its window is walked anew. */
async function askAt(walk: Walk, place: Place, isOld: boolean): Promise<Answer | Refusal> {
  const told = await ask(walk, place);
  if ('told' in told) {
    const next = after(walk, place, told.told);
    const region = walk.look.regions[place.region] ?? '';
    const events = told.told.Events.map((event) => toldOf(event, walk.look.depth));
    return { window: place.window, region, events, ...(next === undefined ? {} : { next }) };
  }
  if (isOld && place.token !== undefined) return askAt(walk, { window: place.window, region: place.region }, false);
  return { why: `${LOOK_UP} was refused: ${told.refused}`, mayPass: told.fault.kind === 'unreachable' };
}

function ask(
  { look, windows, api, work }: Walk,
  { window: at, region: of, token }: Place,
): Promise<Told<EventsAnswer>> {
  const window = windows[at];
  const region = look.regions[of];
  if (window === undefined || region === undefined) throw new RangeError('no such window or region');
  // A second more at each end: whether the ends are meant too is not documented.
  const asked = { region, attribute: look.attribute, value: look.value, from: window.asked, to: window.to, token };
  return work.asker.ask(LOOK_UP, () => api.events(asked, work.signal));
}

/** The next page, or the next region, or the next window. */
function after(
  { look, windows, work }: Walk,
  { window, region, token }: Place,
  { ListOver, NextToken }: EventsAnswer,
): Place | undefined {
  if (ListOver !== true && NextToken !== undefined) {
    if (NextToken !== token) return { window, region, token: NextToken };
    throw new Fault('malformed', `account ${work.desk.accountId}: Tencent repeats a page of ${LOOK_UP}`);
  }
  if (ListOver === false) {
    const what = `${LOOK_UP} says that there is more, and not how to get it`;
    throw new Fault('unreachable', `account ${work.desk.accountId}: ${what}`);
  }
  if (region + 1 < look.regions.length) return { window, region: region + 1 };
  return window + 1 < windows.length ? { window: window + 1, region: 0 } : undefined;
}
