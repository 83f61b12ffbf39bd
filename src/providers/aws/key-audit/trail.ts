import { z } from 'zod';
import type { Instant } from '../../../domain/instant.ts';
import { type PackedEvents, packEvents } from '../../../kit/event-lines.ts';
import { type Fold, sortedUses, type Use } from '../../../kit/use-fold.ts';
import { wholeSecond } from '../../../kit/whole-second.ts';
import { HISTORY_MS } from '../../shared/history.ts';
import type { Work } from '../audit/desk.ts';
import type { EventsAnswer } from '../audit-answers.ts';
import type { TrailApi } from '../trail-api.ts';
import type { Depth } from './depth.ts';
import { seenOf, ToldEvent, toldOf } from './events.ts';
import { foldEvent, type Seen } from './fold.ts';
import type { RegionKnown } from './known.ts';
import type { RegionAsker } from './region-asker.ts';

/** Events come late. Those of so long are asked for once more by the next report. */
const OVERLAP_MS = 2 * 60 * 60_000;

/** What was learnt of a key in a region since the head: `uses` of events that are settled, `recent` ones that are not. */
export type RegionPage = { readonly why: string } | (RegionKnown & Learnt);

interface Learnt {
  readonly uses: readonly Use[];
  /** What the reports before do not have. */
  readonly told: PackedEvents;
}

/** One answer: the events that neither the pages before it have nor the head, and the second that it came to. */
const TrailPage = z.union([
  z.object({ why: z.string() }),
  z.object({ events: z.array(ToldEvent), oldest: z.number(), more: z.boolean() }),
]);

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
  readonly events: ToldEvent[];
  /** Those that the head has are told again. */
  readonly known: ReadonlySet<string>;
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
  const known = new Set(look.known?.recent.map(({ id }) => id));
  const gathered: Gathered = { events: [], known, oldest: startedAt, edge: new Set() };
  const names: string[] = [];
  let place: Place = { to: startedAt, token: undefined };
  for (let number = 1; from <= place.to; number += 1) {
    const name = `${look.name}-${number}`;
    const kept = await pages.find(name, TrailPage);
    if (kept === undefined && number > 1 && shift.isOver()) return 'unfinished';
    let token: string | undefined;
    const page = await pages.take(name, TrailPage, async () => {
      const asked = { region: look.region, keyId: look.keyId, from, ...place };
      const answer = await asker.ask(look.region, () => api.events(asked, work.signal));
      if ('why' in answer) return answer;
      token = answer.told.NextToken;
      const events = newOf(answer.told, from, look, gathered);
      return { events, oldest: gathered.oldest, more: token !== undefined };
    });
    if ('why' in page) return page;
    names.push(name);
    gathered.events.push(...page.events);
    if (kept !== undefined) passOver(page.events, page.oldest, look, gathered);
    if (!page.more) break;
    place = token === undefined ? { to: gathered.oldest + 999, token } : { to: place.to, token };
  }
  for (const name of names) pages.release(name);
  return settled(gathered.events, from, look, startedAt);
}

/** AWS may round what it is asked for to whole seconds. */
function newOf({ Events }: EventsAnswer, from: Instant, { depth }: RegionLook, gathered: Gathered): ToldEvent[] {
  return Events.flatMap((event) => {
    const at = event.EventTime.getTime();
    if (at < from || !isNew(event.EventId, at, gathered) || gathered.known.has(event.EventId)) return [];
    return [toldOf(event, depth)];
  });
}

/** Each event once: where a page is asked for by its time, its first second is told again. */
function isNew(id: string, at: Instant, gathered: Gathered): boolean {
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

/** As if it had been asked for just now. */
function passOver(events: readonly ToldEvent[], oldest: Instant, { region }: RegionLook, gathered: Gathered): void {
  for (const event of events) isNew(event.EventId, seenOf(event, region).at, gathered);
  if (oldest >= gathered.oldest) return;
  gathered.oldest = oldest;
  gathered.edge.clear();
}

async function settled(
  told: readonly ToldEvent[],
  from: Instant,
  { keyId: key, region, known, depth }: RegionLook,
  startedAt: Instant,
): Promise<RegionPage> {
  const settledAt = wholeSecond(startedAt - OVERLAP_MS);
  const fold: Fold = new Map();
  const recent: Seen[] = [];
  // What the head saw stays seen, whether it is told again or CloudTrail has forgotten it.
  for (const event of [...(known?.recent ?? []), ...told.map((one) => seenOf(one, region))])
    if (event.at < settledAt) foldEvent(fold, event, depth);
    else recent.push(event);
  const asked = { key, regions: [region], from, to: startedAt, goesOn: known !== undefined };
  const packed = await packEvents(
    asked,
    told.map((event) => ({ region, event })),
  );
  return { settledAt, uses: [...sortedUses(fold)], recent: sortedEvents(recent), told: packed };
}

function sortedEvents(events: readonly Seen[]): Seen[] {
  return events.toSorted((one, other) => one.at - other.at || (one.id < other.id ? -1 : 1));
}
