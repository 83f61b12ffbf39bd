import { z } from 'zod';
import { Fault } from '../../../domain/fault.ts';
import type { Instant } from '../../../domain/instant.ts';
import { type Fold, sortedUses } from '../../../kit/use-fold.ts';
import { wholeSecond } from '../../../kit/whole-second.ts';
import type { EventsAnswer } from '../audit-answers.ts';
import type { Attribute, AuditApi } from '../audit-api.ts';
import type { Told } from '../credential-report/asking.ts';
import type { Work } from './desk.ts';
import { seenOf } from './events.ts';
import { type Depth, foldEvent, Seen } from './fold.ts';
import type { Known } from './known.ts';
import { LOOK_UP } from './regions.ts';
import { historyFrom, overlapMs, type Window, windowsOf } from './windows.ts';

/** What was learnt of one key or identity since the head: `uses` of events that are settled, `recent` ones that are not. */
export type TrailPage = Refusal | (Pick<Known, 'settledAt' | 'uses' | 'recent'> & { readonly since: Instant });

interface Refusal {
  readonly why: string;
  /** A failure may be the first of an outage: whoever comes next asks again. */
  readonly mayPass?: boolean | undefined;
}

const Place = z.object({ window: z.number(), region: z.number(), token: z.string().optional() });
type Place = z.infer<typeof Place>;

/** One answer, and where it goes on; without `next` it was the last. */
const Answer = z.object({ window: z.number(), events: z.array(Seen), next: Place.optional() });
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
  /** Of its pages. */
  readonly name: string;
}

interface Walk {
  readonly look: TrailLook;
  readonly windows: readonly Window[];
  readonly api: AuditApi;
  readonly work: Work;
}

/** All events since it was last looked at, window by window; `unfinished` when the shift is over. */
export async function lookUp(look: TrailLook, api: AuditApi, work: Work): Promise<TrailPage | 'unfinished'> {
  const { startedAt, pages, shift } = work;
  const from = Math.max(
    look.known?.settledAt ?? historyFrom(startedAt, look.createdAt),
    historyFrom(startedAt, undefined),
  );
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
    const answer: Answer | Refusal = kept ?? (await askAt(walk, place, isOld));
    if ('why' in answer && answer.mayPass === true) return answer;
    const page: z.infer<typeof Kept> = kept ?? (await pages.take(name, Kept, async () => answer));
    if ('why' in page) return page;
    names.push(name);
    gathered.add(page);
    place = page.next;
    isOld = kept !== undefined;
  }
  for (const name of names) pages.release(name);
  return { since, settledAt, ...gathered.whole() };
}

/** Each event once, by its id, whoever told it. One window is in memory at a time. */
function gathering({ look, windows }: Walk, settledAt: Instant) {
  const fold: Fold = new Map();
  const recent: Seen[] = [];
  const known = look.known?.recent ?? [];
  let current = 0;
  let events = new Map<string, Seen>();
  function settle(next: number): void {
    for (; current < next; current += 1) {
      const window = windows[current];
      for (const event of known) if (window !== undefined && isWithin(event, window)) events.set(event.id, event);
      for (const event of events.values()) {
        if (event.at >= settledAt) recent.push(event);
        else foldEvent(fold, event);
      }
      events = new Map();
    }
  }
  // Nobody asks for these any more: CloudAudit has forgotten them.
  const oldest = windows.at(-1)?.from ?? 0;
  for (const event of known) if (event.at < oldest) foldEvent(fold, event);
  return {
    add({ window, events: told }: Answer) {
      settle(window);
      for (const event of told) events.set(event.id, event);
    },
    whole() {
      settle(windows.length);
      const sorted = recent.toSorted((one, other) => one.at - other.at || (one.id < other.id ? -1 : 1));
      return { uses: [...sortedUses(fold)], recent: sorted };
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
    return { window: place.window, events: eventsOf(walk, place, told.told), ...(next === undefined ? {} : { next }) };
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

function eventsOf({ look, windows, work }: Walk, place: Place, { Events }: EventsAnswer): Seen[] {
  const window = windows[place.window];
  const asked = { region: look.regions[place.region] ?? '', depth: look.depth };
  const who = `account ${work.desk.accountId}`;
  return Events.map((event) => seenOf(event, asked, who)).filter(
    (event) => window !== undefined && isWithin(event, window),
  );
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
