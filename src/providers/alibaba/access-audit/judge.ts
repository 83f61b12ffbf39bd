import type { Grant } from '../../../domain/access.ts';
import { matches, meetings, patternOf, witnessOf } from './glob.ts';
import type { Statement } from './policy.ts';

const MOST_TEXTS = 2_000;

/** A policy that an identity has: its own, or one of a group. */
export interface HeldPolicy {
  readonly grant: Grant;
  readonly statements: readonly Statement[];
}

export interface Judgement {
  readonly granted: boolean;
  /** Who gives it; none where it is denied altogether. */
  readonly by: readonly Grant[];
  /** What makes it less than that. */
  readonly why: readonly string[];
}

interface Said {
  readonly grant: Grant;
  readonly statement: Statement;
}

/** Whether some of what `pattern` means (`ecs:RunInstances`, `ecs:Describe*`, `ecs:*`) may be used. Pure; a Deny wins. */
export function judge(policies: readonly HeldPolicy[], pattern: string): Judgement {
  const said = policies.flatMap(({ grant, statements }) => statements.map((statement) => ({ grant, statement })));
  const allowing = said.filter(({ statement }) => statement.effect === 'Allow');
  const denying = said.filter(({ statement }) => statement.effect === 'Deny');
  // Only a Deny without conditions on all resources takes something away altogether.
  const hard = denying.filter(({ statement }) => !statement.isConditional && !statement.isOfSome);
  const open = allowing.filter(({ statement }) =>
    witnesses(pattern, statement, hard).some((text) => !hard.some((deny) => says(deny.statement, text))),
  );
  const taking = denying.filter(({ statement }) => touches(statement, pattern));
  return {
    granted: open.length > 0,
    by: open.length > 0 ? grantsOf(open) : [],
    why: [...limits(open), ...losses(open.length > 0, taking)],
  };
}

/** Texts that stand for all that the statement allows of the pattern: where none of them is left, nothing is. */
function witnesses(pattern: string, { actions, isNot }: Statement, denying: readonly Said[]): readonly string[] {
  const allowed = isNot ? ['*:*'] : actions;
  let texts = [...new Set(allowed.flatMap((action) => meetings(action, pattern)))];
  // A Deny of all but some leaves these some only.
  for (const { statement } of denying) {
    if (!statement.isNot || texts.length > MOST_TEXTS) continue;
    const spared = texts.flatMap((text) => statement.actions.flatMap((spare) => meetings(patternOf(text), spare)));
    texts = [...new Set([...texts, ...spared])];
  }
  return isNot ? texts.filter((text) => !actions.some((action) => matches(action, text))) : texts;
}

function says({ actions, isNot }: Statement, text: string): boolean {
  return actions.some((action) => matches(action, text)) !== isNot;
}

function touches(statement: Statement, pattern: string): boolean {
  if (statement.isNot) return !statement.actions.some((action) => matches(action, witnessOf(pattern)));
  return statement.actions.some((action) => meetings(action, pattern).length > 0);
}

function grantsOf(said: readonly Said[]): readonly Grant[] {
  return [...new Map(said.map(({ grant }) => [nameOf(grant), grant])).values()].toSorted((one, other) =>
    nameOf(one) < nameOf(other) ? -1 : 1,
  );
}

function nameOf({ policy, via }: Grant): string {
  return via === undefined ? policy : `${policy} via ${via}`;
}

/** Said only where every way to it has such a limit. */
function limits(open: readonly Said[]): readonly string[] {
  if (open.length === 0 || open.some(({ statement }) => !statement.isConditional && !statement.isOfSome)) return [];
  const isEach = (limit: 'isOfSome' | 'isConditional') => open.every(({ statement }) => statement[limit]);
  const told = [
    ...(isEach('isConditional') ? ['given under a condition only'] : []),
    ...(isEach('isOfSome') ? ['given on some resources only'] : []),
  ];
  return told.length > 0 ? told : ['given under a condition or on some resources only'];
}

function losses(isGranted: boolean, taking: readonly Said[]): readonly string[] {
  const names = grantsOf(taking).map(nameOf);
  if (names.length === 0) return [];
  return [`${isGranted ? 'some of it is denied' : 'denied'} by ${names.join(', ')}`];
}
