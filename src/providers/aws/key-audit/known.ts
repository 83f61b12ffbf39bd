import { z } from 'zod';
import { readJson } from '../../../kit/json-bytes.ts';
import { Use } from '../../../kit/use-fold.ts';
import type { Look } from '../../provider.ts';
import type { Depth } from './depth.ts';
import { Seen } from './fold.ts';

/** What the next report goes on from: all that was ever seen of each key, folded, and where looking goes on. */
export const KNOWN_PART = 'known.json';

/** Of one region: events before `settledAt` are in `uses` and are not asked for again; `recent` are those after it. */
export const RegionKnown = z.object({ settledAt: z.number(), recent: z.array(Seen) });
export type RegionKnown = z.infer<typeof RegionKnown>;

const KeyKnown = z.object({ regions: z.record(z.string(), RegionKnown), uses: z.array(Use) });
export type KeyKnown = z.infer<typeof KeyKnown>;

export const KnownPart = z.object({
  version: z.literal(1),
  depth: z.enum(['info', 'products', 'full']),
  keys: z.record(z.string(), KeyKnown),
});
export type KnownPart = z.infer<typeof KnownPart>;

const NOTHING: KeyKnown = { regions: {}, uses: [] };

/** What was known of a key; nothing where the head was less deep, or cannot be read: then CloudTrail is asked for all that it has. */
export async function readKnown(look: Look, depth: Depth): Promise<(keyId: string) => KeyKnown> {
  const part = await readPart(look);
  const keys = part?.depth === depth ? part.keys : {};
  return (keyId) => keys[keyId] ?? NOTHING;
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
