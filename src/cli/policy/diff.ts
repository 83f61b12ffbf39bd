import { type Statement, statementsIn } from './statements.ts';

/** One thing that a policy lacks, or has too much. */
export interface Difference {
  readonly is: 'lacks' | 'extra';
  readonly what: string;
  /** The action, where it is one. */
  readonly action?: string;
}

/** What the present policy lacks of the wanted one, and what it has beyond it. Conditions are compared to the letter. */
export function differences(present: unknown, wanted: unknown): readonly Difference[] {
  const [there, needed] = [statementsIn(present), statementsIn(wanted)];
  if (needed.some(({ principals }) => principals !== undefined)) return trustDifferences(there, needed);
  return [...lacking(there, needed), ...excess(there, needed)];
}

function lacking(there: readonly Statement[], needed: readonly Statement[]): readonly Difference[] {
  return pairsOf(needed).flatMap(({ action, on }) => {
    if (isGiven(action, on, there)) return [];
    const elsewhere = there.filter(({ isAllow, actions }) => isAllow && actions.some((one) => covers(one, action)));
    const limits = elsewhere.map(({ resources, condition }) =>
      condition === undefined ? `on ${resources.join(', ')} only` : `under the condition ${condition} only`,
    );
    const isDenied = there.some(({ isAllow, actions }) => !isAllow && actions.some((one) => covers(one, action)));
    const why = isDenied ? ['denied expressly'] : limits.slice(0, 1);
    return [{ is: 'lacks' as const, what: [`${action} on ${on}`, ...why].join(': '), action }];
  });
}

function isGiven(action: string, on: string, there: readonly Statement[]): boolean {
  const about = there.filter(
    ({ actions, resources }) => actions.some((one) => covers(one, action)) && resources.some((one) => covers(one, on)),
  );
  const isAllowed = about.some(({ isAllow, condition }) => isAllow && condition === undefined);
  return isAllowed && about.every(({ isAllow }) => isAllow);
}

function excess(there: readonly Statement[], needed: readonly Statement[]): readonly Difference[] {
  const wanted = pairsOf(needed);
  const extra = pairsOf(there.filter(({ isAllow }) => isAllow)).filter(
    ({ action, on }) => !wanted.some((one) => isSame(one.action, action) && covers(one.on, on)),
  );
  return extra.map(({ action, on }) => {
    const isMeant = wanted.some((one) => isSame(one.action, action));
    const isWide = !isMeant && wanted.some((one) => covers(action, one.action));
    const why = isMeant ? ': wider than needed' : isWide ? ': name the actions one by one' : '';
    return { is: 'extra' as const, what: `${action} on ${on}${why}`, action };
  });
}

/** Whom, under which condition: the same on both sides, or told. */
function trustDifferences(there: readonly Statement[], needed: readonly Statement[]): readonly Difference[] {
  const [has, wants] = [there, needed].map((all) => new Set(all.filter(({ isAllow }) => isAllow).flatMap(trustWords)));
  const lacks = [...(wants ?? [])].filter((one) => has?.has(one) !== true);
  const extra = [...(has ?? [])].filter((one) => wants?.has(one) !== true);
  return [
    ...lacks.map((what) => ({ is: 'lacks' as const, what })),
    ...extra.map((what) => ({ is: 'extra' as const, what })),
  ];
}

function trustWords({ actions, principals = [], condition }: Statement): readonly string[] {
  const under = condition === undefined ? 'without a condition' : `if ${condition}`;
  return actions.flatMap((action) => principals.map((principal) => `${action} by ${principal} ${under}`));
}

function pairsOf(statements: readonly Statement[]) {
  const pairs = statements.flatMap(({ actions, resources }) =>
    actions.flatMap((action) => resources.map((on) => ({ action, on }))),
  );
  return [...new Map(pairs.map((pair) => [`${pair.action.toLowerCase()} ${pair.on}`, pair])).values()];
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** A pattern covers another when it matches it as a text: stars of the other are taken for what they are. */
function covers(pattern: string, text: string): boolean {
  const but = /^everything but (.*)$/.exec(pattern)?.[1];
  if (but !== undefined) return !covers(but, text);
  const escaped = pattern.split(/([*?])/).map((part) => (part === '*' ? '.*' : part === '?' ? '.' : escape(part)));
  return new RegExp(`^${escaped.join('')}$`, 'i').test(text);
}

function escape(text: string): string {
  return text.replace(/[$()+.[\\\]^{|}]/g, '\\$&');
}
