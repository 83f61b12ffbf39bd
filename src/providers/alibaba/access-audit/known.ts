import { z } from 'zod';
import { readJson } from '../../../kit/json-bytes.ts';
import type { Look } from '../../provider.ts';
import type { Listed } from '../audit/identities.ts';
import { Uses } from './uses.ts';

/** What the next report goes on from: all that events ever told of each identity, folded. */
export const KNOWN_PART = 'known.json';

const Known = z.object({
  /** When it was made, so that another one of the same name is somebody else. */
  created: z.number().optional(),
  /** Everything between these was read. */
  since: z.number(),
  until: z.number(),
  uses: Uses,
});
export type Known = z.infer<typeof Known>;

export const KnownPart = z.object({ version: z.literal(1), by: z.record(z.string(), Known) });
export type KnownPart = z.infer<typeof KnownPart>;

export function actorName({ kind, name }: Pick<Listed, 'kind' | 'name'>): string {
  return `${kind}:${name}`;
}

/** A head that cannot be read saves no calls, and costs nothing else here. */
export async function readKnown(look: Look): Promise<(listed: Listed) => Known | undefined> {
  const part = await readPart(look);
  return (listed) => {
    const known = part?.by[actorName(listed)];
    return known?.created === listed.created ? known : undefined;
  };
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
