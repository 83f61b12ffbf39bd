import { z } from 'zod';

/** Longer ones are no names of calls. */
const LONGEST_NAME = 192;

const Use = { at: z.number(), region: z.string().optional() };

/** What an identity did, by service and action: the last time of each. Folding is the same in any order. */
export const Uses = z.record(z.string(), z.object({ ...Use, actions: z.record(z.string(), z.object(Use)) }));
export type Uses = z.infer<typeof Uses>;

/** Of names that somebody else chose: an object has some by itself. */
export function usesOf(uses: Uses, service: string): Uses[string] | undefined {
  return Object.hasOwn(uses, service) ? uses[service] : undefined;
}

function isName(name: string): boolean {
  return name !== '' && name !== '__proto__' && name.length <= LONGEST_NAME;
}

interface Seen {
  readonly service: string;
  readonly action?: string;
  readonly at: number;
  readonly region?: string | undefined;
}

/** Products, and the codes that RAM documents for them: no policy names these products otherwise. */
const CODES: ReadonlyMap<string, string> = new Map([
  ['ims', 'ram'],
  ['sls', 'log'],
  ['r-kvstore', 'kvstore'],
]);

/** ActionTrail names products, and policies name services by the code that RAM has for them: mostly the same but for capitals. */
function serviceCode(product: string): string {
  const code = product.trim().toLowerCase();
  return CODES.get(code) ?? code;
}

export function foldUse(uses: Uses, { service, action, at, region }: Seen): void {
  const code = serviceCode(service);
  if (!isName(code)) return;
  const known = usesOf(uses, code) ?? { at: 0, actions: {} };
  const one = { at, ...(region === undefined ? {} : { region }) };
  const actions = { ...known.actions };
  if (action !== undefined && isName(action))
    actions[action] = later(Object.hasOwn(actions, action) ? actions[action] : undefined, one);
  uses[code] = { ...later(known, one), actions };
}

export function foldUses(uses: Uses, others: Uses): void {
  for (const [service, { actions, ...use }] of Object.entries(others)) {
    foldUse(uses, { service, ...use });
    for (const [action, one] of Object.entries(actions)) foldUse(uses, { service, action, ...one });
  }
}

interface OneUse {
  readonly at: number;
  readonly region?: string | undefined;
}

function later(known: OneUse | undefined, one: OneUse): { at: number; region?: string } {
  const isNewer =
    known === undefined || one.at > known.at || (one.at === known.at && (one.region ?? '') > (known.region ?? ''));
  const { at, region } = isNewer ? one : known;
  return { at, ...(region === undefined ? {} : { region }) };
}
