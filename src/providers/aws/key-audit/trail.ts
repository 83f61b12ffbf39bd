import { z } from 'zod';
import type { Instant } from '../../../domain/instant.ts';
import { type Fold, foldUse, sortedUses, Use } from '../../../kit/use-fold.ts';
import { wholeSecond } from '../../../kit/whole-second.ts';
import type { Work } from '../audit/desk.ts';
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
/** Twenty seconds of asking: what a crash repeats at most. */
const PAGES_OF_CHECKPOINT = 40;

/** What was learnt of a key in a region since the head: `uses` of events that are settled, `recent` ones that are not. */
export const RegionPage = z.union([
  z.object({ why: z.string() }),
  z.object({ settledAt: z.number(), uses: z.array(Use), recent: z.array(Seen) }),
]);
export type RegionPage = z.infer<typeof RegionPage>;

/** Newest first: `oldest` is where the next one goes on, and `edge` names the events of that very second. */
const Checkpoint = z.object({
  uses: z.array(Use),
  recent: z.array(Seen),
  oldest: z.number(),
  edge: z.array(z.string()),
});
type Checkpoint = z.infer<typeof Checkpoint>;

export interface RegionLook {
  readonly keyId: string;
  readonly keyCreatedAt: Instant;
  readonly region: string;
  readonly depth: Depth;
  readonly known: RegionKnown | undefined;
  /** Of the pages of this key and region. */
  readonly name: string;
}

interface Gathered {
  readonly fold: Fold;
  readonly recent: Map<string, Seen>;
  oldest: Instant;
  edge: ReadonlySet<string>;
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
  const walk: Walk = { look, from, settledAt: wholeSecond(startedAt - OVERLAP_MS) };
  const gathered: Gathered = { fold: new Map(), recent: new Map(), oldest: startedAt, edge: new Set() };
  for (let number = 1; ; number += 1) {
    const name = `${look.name}-${number}`;
    const kept = await pages.find(name, Checkpoint);
    const walked = kept ?? (await walkOn(walk, gathered, api, asker, work));
    if ('why' in walked) return walked;
    add('isAll' in walked ? walked : await pages.take(name, Checkpoint, async () => walked), gathered);
    if ('isAll' in walked) break;
    if (kept === undefined && shift.isOver()) return 'unfinished';
  }
  // Nobody asks for these any more: CloudTrail has forgotten them.
  for (const event of look.known?.recent ?? []) if (event.at < from) foldEvent(gathered.fold, event, look.depth);
  return { settledAt: walk.settledAt, uses: [...sortedUses(gathered.fold)], recent: sortedEvents(gathered.recent) };
}

function add({ uses, recent, oldest, edge }: Checkpoint, gathered: Gathered): void {
  for (const use of uses) foldUse(gathered.fold, use);
  for (const event of recent) gathered.recent.set(event.id, event);
  gathered.oldest = oldest;
  gathered.edge = new Set(edge);
}

interface Walk {
  readonly look: RegionLook;
  readonly from: Instant;
  /** Events from here on are asked for again next time. */
  readonly settledAt: Instant;
}

type Walked = { readonly why: string } | Checkpoint | (Checkpoint & { readonly isAll: true });

/** Some pages, newest first. Where it goes on is told by time, not by a token, which may not live as long as we are away. */
async function walkOn(
  { look, from, settledAt }: Walk,
  { oldest: begin, edge: known }: Gathered,
  api: TrailApi,
  asker: RegionAsker,
  work: Work,
): Promise<Walked> {
  const { keyId, region, depth } = look;
  const fresh: Gathered = { fold: new Map(), recent: new Map(), oldest: begin, edge: known };
  const edge = new Set(known);
  const to = begin === work.startedAt ? begin : begin + 999;
  let token: string | undefined;
  for (let page = 1; from <= to; page += 1) {
    const asked = { region, keyId, from, to, token };
    const answer = await asker.ask(region, () => api.events(asked, work.signal));
    if ('why' in answer) return answer;
    for (const told of answer.told.Events) {
      const event = seenOf(told, region, depth);
      // AWS may round what it is asked for to whole seconds.
      if (event.at < from || !isNew(event, fresh, edge)) continue;
      if (event.at >= settledAt) fresh.recent.set(event.id, event);
      else foldEvent(fresh.fold, event, depth);
    }
    token = answer.told.NextToken;
    if (token === undefined) break;
    // A second with more events than that offers no place to go on at but the token.
    if (page >= PAGES_OF_CHECKPOINT && fresh.oldest < begin) return checkpointOf(fresh, edge);
  }
  return { ...checkpointOf(fresh, edge), isAll: true };
}

/** Each event once: where one walk ends and the next begins, a second is told twice. */
function isNew({ id, at }: Seen, fresh: Gathered, edge: Set<string>): boolean {
  const second = wholeSecond(at);
  if (second > fresh.oldest) return true;
  if (second < fresh.oldest) {
    fresh.oldest = second;
    edge.clear();
  }
  if (edge.has(id)) return false;
  edge.add(id);
  return true;
}

function checkpointOf({ fold, recent, oldest }: Gathered, edge: ReadonlySet<string>): Checkpoint {
  return { uses: [...sortedUses(fold)], recent: sortedEvents(recent), oldest, edge: [...edge] };
}

function sortedEvents(events: ReadonlyMap<string, Seen>): Seen[] {
  return [...events.values()].toSorted((one, other) => one.at - other.at || (one.id < other.id ? -1 : 1));
}
