import type { Located, LocatedMap } from './located.ts';
import { alternatives, keysOf, type Shape, shapesAt } from './shape.ts';

/** `over`, with what it leaves out taken from `base`, mappings key by key. */
export function merge(base: LocatedMap, over: LocatedMap, shape: Shape): LocatedMap {
  const entries = new Map(base.entries);
  for (const [key, entry] of over.entries) {
    const below = base.entries.get(key)?.node;
    entries.set(key, { ...entry, node: mergeNode(below, entry.node, { anyOf: shapesAt(shape, [key]) }) });
  }
  return { ...over, entries };
}

/** Where the shape has alternatives (`auth: { profile } | { chain }`) and the two chose different ones, `over` stands alone. */
function mergeNode(base: Located | undefined, over: Located, shape: Shape): Located {
  if (base?.kind !== 'map' || over.kind !== 'map') return over;
  return choseDifferently(base, over, alternatives(shape)) ? over : merge(base, over, shape);
}

function choseDifferently(base: LocatedMap, over: LocatedMap, shapes: readonly Shape[]): boolean {
  const [own, inherited] = [[...over.entries.keys()], [...base.entries.keys()]];
  const fits = (keys: readonly string[]) => shapes.some((shape) => isWithin(keys, shape));
  return fits(own) && fits(inherited) && !fits([...new Set([...own, ...inherited])]);
}

function isWithin(keys: readonly string[], shape: Shape): boolean {
  const hasRoom = typeof shape.maxProperties !== 'number' || keys.length <= shape.maxProperties;
  const known = keysOf([shape]);
  return hasRoom && keys.every((key) => known.includes(key));
}
