import { z } from 'zod';
import { readJson } from '../../../kit/json-bytes.ts';
import { Use } from '../../../kit/use-fold.ts';
import type { Look } from '../../provider.ts';
import { DEPTHS, type Depth, Seen } from './fold.ts';
import type { RegionsPage } from './regions.ts';

/** What the next report goes on from: all that was ever seen, folded, and where looking goes on. */
export const KNOWN_PART = 'known.json';

/** Of one key or identity: events before `settledAt` are in `uses` and are not asked for again; `recent` are those after it. */
const Known = z.object({ since: z.number(), settledAt: z.number(), uses: z.array(Use), recent: z.array(Seen) });
export type Known = z.infer<typeof Known>;

const KnownPart = z.object({
  version: z.literal(1),
  depth: z.enum(DEPTHS),
  regions: z.array(z.string()),
  subjects: z.record(z.string(), Known),
});
export type KnownPart = z.infer<typeof KnownPart>;

/** What the head knew, as far as it can be gone on from. */
export interface Before {
  readonly of: (subject: string) => Known | undefined;
  /** False where a region that was asked before cannot be asked now: then what it had to tell is asked for by a later report. */
  readonly isWhole: boolean;
  readonly regions: readonly string[];
}

/**
 * A region may tell of its own events or of all, and nobody says which; so events are told apart by id, and a region that is new
 * begins everything anew.
 */
export async function readBefore(look: Look, depth: Depth, { open, closed }: RegionsPage): Promise<Before> {
  const part = await readPart(look);
  const isUsable = part?.depth === depth && open.every((region) => part.regions.includes(region));
  if (part === undefined || !isUsable) return { of: () => undefined, isWhole: true, regions: open };
  const isWhole = !part.regions.some((region) => region in closed);
  return { of: (subject) => part.subjects[subject], isWhole, regions: isWhole ? open : part.regions };
}

async function readPart(look: Look): Promise<KnownPart | undefined> {
  if (look.head?.manifest.parts.some(({ name }) => name === KNOWN_PART) !== true) return undefined;
  try {
    const part = readJson((await look.headParts([KNOWN_PART])).get(KNOWN_PART), KnownPart);
    return part === 'damaged' ? undefined : part;
  } catch {
    look.signal.throwIfAborted();
    return undefined;
  }
}
