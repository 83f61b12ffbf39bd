/** Stands for any text where a pattern of a policy has a `*`: no policy can name it. */
export const ANYTHING = '\u0001';

/** At most so many ways in which two patterns can meet are looked at. */
const MOST_MEETINGS = 64;

/** Whether the text is one of those that the pattern means. `*` is any text but a colon, also none; case does not count. */
export function matches(pattern: string, text: string): boolean {
  const wanted = pattern.toLowerCase();
  const given = text.toLowerCase();
  let at = 0;
  let from = 0;
  let star = -1;
  let retry = 0;
  while (at < given.length) {
    if (wanted[from] === '*') {
      star = from;
      from += 1;
      retry = at;
    } else if (wanted[from] === given[at]) {
      from += 1;
      at += 1;
    } else if (star !== -1 && given[retry] !== ':') {
      from = star + 1;
      retry += 1;
      at = retry;
    } else return false;
  }
  while (wanted[from] === '*') from += 1;
  return from === wanted.length;
}

/** A text that the pattern means and that is as little special as can be: what matches it by a `*` matches all that the pattern means. */
export function witnessOf(pattern: string): string {
  return pattern.replace(/\*+/g, ANYTHING);
}

/** Such texts that both patterns mean; none where they never meet. */
export function meetings(one: string, other: string): readonly string[] {
  const walk: Walk = { one: tidy(one), other: tidy(other), dead: new Set(), seen: new Set(), found: new Set() };
  meet(0, 0, '', walk);
  return [...walk.found];
}

/** What was found in one text, as a pattern for the next. */
export function patternOf(witness: string): string {
  return witness.replaceAll(ANYTHING, '*');
}

interface Walk {
  readonly one: string;
  readonly other: string;
  /** Places from which the patterns do not meet any more, so that none is tried twice. */
  readonly dead: Set<string>;
  readonly seen: Set<string>;
  readonly found: Set<string>;
}

function tidy(pattern: string): string {
  return pattern.toLowerCase().replace(/\*+/g, '*');
}

/** Whether they meet from here on; what they meet in is noted. */
function meet(at: number, by: number, sofar: string, walk: Walk): boolean {
  const { one, other, dead, seen, found } = walk;
  const place = `${at} ${by}`;
  if (dead.has(place)) return false;
  if (found.size >= MOST_MEETINGS || seen.has(`${place} ${sofar}`)) return true;
  seen.add(`${place} ${sofar}`);
  const ways = waysOn(one[at], other[by], sofar);
  if (ways === 'end') {
    found.add(sofar);
    return true;
  }
  const open = ways.filter(([mine, theirs, text]) => meet(at + mine, by + theirs, text, walk));
  if (open.length === 0) dead.add(place);
  return open.length > 0;
}

type Way = readonly [mine: 0 | 1, theirs: 0 | 1, text: string];

function waysOn(mine: string | undefined, theirs: string | undefined, sofar: string): readonly Way[] | 'end' {
  if (mine === undefined && theirs === undefined) return 'end';
  if (mine === '*' && theirs === '*') {
    const both = sofar.endsWith(ANYTHING) ? sofar : sofar + ANYTHING;
    return [
      [1, 0, both],
      [0, 1, both],
    ];
  }
  if (mine === '*') return [[1, 0, sofar], ...(isSpanned(theirs) ? [[0, 1, sofar + theirs] as Way] : [])];
  if (theirs === '*') return [[0, 1, sofar], ...(isSpanned(mine) ? [[1, 0, sofar + mine] as Way] : [])];
  return mine === theirs && mine !== undefined ? [[1, 1, sofar + mine]] : [];
}

/** A `*` does not reach over the colon between a service and its action. */
function isSpanned(letter: string | undefined): letter is string {
  return letter !== undefined && letter !== ':';
}
