import { z } from 'zod';
import type { Instant } from '../../../domain/instant.ts';
import { type Fold, sortedUses, Use } from '../../../kit/use-fold.ts';
import { wholeSecond } from '../../../kit/whole-second.ts';
import type { Work } from '../audit/desk.ts';
import type { EventsAnswer } from '../audit-answers.ts';
import type { TrailApi } from '../trail-api.ts';
import type { Depth } from './depth.ts';
import { seenOf } from './events.ts';
import { foldEvent, Seen } from './fold.ts';
import type { RegionKnown } from './known.ts';
import type { RegionAsker } from './region-asker.ts';

const DAY_MS = 86_400_000;
/** How far CloudTrail's event history goes back. */
const HISTORY_MS = 90 * DAY_MS;
/** Events come late. Those of so long are asked for once more by the next report. */
const OVERLAP_MS = 2 * 60 * 60_000;

/** What was learnt of a key in a region since the head: `uses` of events that are settled, `recent` ones that are not. */
export const RegionPage = z.union([
  z.object({ why: z.string() }),
  z.object({ settledAt: z.number(), uses: z.array(Use), recent: z.array(Seen) }),
]);
export type RegionPage = z.infer<typeof RegionPage>;

/** One answer: the events that the pages before it do not have. */
const TrailPage = z.union([z.object({ why: z.string() }), z.object({ events: z.array(Seen), more: z.boolean() })]);
type TrailPage = z.infer<typeof TrailPage>;

export interface RegionLook {
  readonly keyId: string;
  readonly keyCreatedAt: Instant;
  readonly region: string;
  readonly depth: Depth;
  readonly known: RegionKnown | undefined;
  /** Of the pages of this key and region. */
  readonly name: string;
}

/** Newest first: `oldest` is the second that the pages have come to, and `edge` names its events. */
interface Gathered {
  readonly events: Seen[];
  oldest: Instant;
  edge: Set<string>;
}

/** Where the next page is: behind a token, which may not live as long as we are away, or from a time on. */
interface Place {
  readonly to: Instant;
  readonly token: string | undefined;
}

/** All events of a key in a region since it was last looked at; `unfinished` when the shift is over. */
export async function lookUp(
  look: RegionLook,
  api: TrailApi,
  asker: RegionAsker,
  work: Work,
): Promise<RegionPage | 'unfinished'> {
  const { startedAt, pages, shift } = work;
  const from = Math.max(look.known?.settledAt ?? look.keyCreatedAt, startedAt - HISTORY_MS);
  const gathered: Gathered = { events: [], oldest: startedAt, edge: new Set() };
  let place: Place = { to: startedAt, token: undefined };
  const names: string[] = [];
  for (let number = 1; from <= place.to; number += 1) {
    const name = `${look.name}-${number}`;
    names.push(name);
    const kept = await pages.find(name, TrailPage);
    if (kept === undefined && number > 1 && shift.isOver()) return 'unfinished';
    let token: string | undefined;
    const page = await pages.take(name, TrailPage, async () => {
      const answer = await asker.ask(look.region, () =>
        api.events({ region: look.region, keyId: look.keyId, from, ...place }, work.signal),
      );
      if ('why' in answer) return answer;
      token = answer.told.NextToken;
      return { events: newOf(answer.told, from, look, gathered), more: token !== undefined };
    });
    if ('why' in page) return page;
    gathered.events.push(...page.events);
    if (!page.more) break;
    if (kept !== undefined) for (const event of page.events) isNew(event, gathered);
    place = token === undefined ? { to: gathered.oldest + 999, token } : { to: place.to, token };
  }
  for (const name of names) pages.release(name);
  return settled(gathered.events, from, look, wholeSecond(startedAt - OVERLAP_MS));
}

/** AWS may round what it is asked for to whole seconds. */
function newOf({ Events }: EventsAnswer, from: Instant, { region, depth }: RegionLook, gathered: Gathered): Seen[] {
  const events = Events.map((event) => seenOf(event, region, depth));
  return events.filter((event) => event.at >= from && isNew(event, gathered));
}

/** Each event once: where a page is asked for by its time, its first second is told again. */
function isNew({ id, at }: Seen, gathered: Gathered): boolean {
  const second = wholeSecond(at);
  if (second > gathered.oldest) return true;
  if (second < gathered.oldest) {
    gathered.oldest = second;
    gathered.edge.clear();
  }
  if (gathered.edge.has(id)) return false;
  gathered.edge.add(id);
  return true;
}

function settled(events: readonly Seen[], from: Instant, look: RegionLook, settledAt: Instant): RegionPage {
  const { known, depth } = look;
  const fold: Fold = new Map();
  // Nobody asks for these any more: CloudTrail has forgotten them.
  const forgotten = (known?.recent ?? []).filter(({ at }) => at < from);
  for (const event of [...forgotten, ...events]) if (event.at < settledAt) foldEvent(fold, event, depth);
  const recent = new Map(events.flatMap((event) => (event.at < settledAt ? [] : [[event.id, event]])));
  return { settledAt, uses: [...sortedUses(fold)], recent: sortedEvents(recent) };
}

function sortedEvents(events: ReadonlyMap<string, Seen>): Seen[] {
  return [...events.values()].toSorted((one, other) => one.at - other.at || (one.id < other.id ? -1 : 1));
}
