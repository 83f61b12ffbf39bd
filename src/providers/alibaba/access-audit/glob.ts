/** Stands for any text where a pattern of a policy has a `*`: no policy can name it. */
const ANYTHING = '\u0001';
/** A letter that no policy can name either, and that is only itself: what none but a `*` means. */
const OTHER = '\u0002';

/** At most so many ways in which two patterns can meet are looked at. */
const MOST_MEETINGS = 64;

/**
 * Whether the text is one of those that the pattern means. `*` is any text, also none, but for the first colon, which parts a service from its action; case
 * does not count.
 */
export function matches(pattern: string, text: string): boolean {
  const wanted = pattern.toLowerCase();
  const given = text.toLowerCase();
  const colon = given.indexOf(':');
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
    } else if (star !== -1 && retry !== colon) {
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

/** A name that the pattern means, and that no policy can name but by a `*` at the same place. */
export function anotherOf(pattern: string): string {
  return pattern.replace(/\*+/g, OTHER);
}

/** Such texts that both patterns mean; none where they never meet. */
export function meetings(one: string, other: string): readonly string[] {
  const walk: Walk = { one: tidy(one), other: tidy(other), dead: new Set(), seen: new Set(), found: new Set() };
  meet(0, 0, '', walk);
  const found = [...walk.found];
  return found.length < MOST_MEETINGS ? found : [...found, allAbout(found)];
}

/** Where not every way was looked at, one text stands for more than they mean: only what takes all of the service takes it. */
function allAbout([text = '']: readonly string[]): string {
  return `${text.slice(0, text.indexOf(':') + 1)}${ANYTHING}`;
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
  if (mine === '*') return [[1, 0, sofar], ...(isSpanned(theirs, sofar) ? [[0, 1, sofar + theirs] as Way] : [])];
  if (theirs === '*') return [[0, 1, sofar], ...(isSpanned(mine, sofar) ? [[1, 0, sofar + mine] as Way] : [])];
  return mine === theirs && mine !== undefined ? [[1, 1, sofar + mine]] : [];
}

/** A `*` does not reach over the colon between a service and its action, which is the first one. */
function isSpanned(letter: string | undefined, sofar: string): letter is string {
  return letter !== undefined && (letter !== ':' || sofar.includes(':'));
}
