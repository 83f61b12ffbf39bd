import type { JudgedService } from './unused.ts';

/** A policy that takes away what is not used, and what it leaves. */
export interface Proposal {
  /** Left out when there is nothing to take away, or for a cloud whose policies Muster cannot write. */
  readonly document?: unknown;
  readonly note: string;
  readonly leaves_out: readonly string[];
}

/** What a managed policy of AWS may hold; others are not asked to hold more. */
const MOST_CHARACTERS = 6_144;
const MOST_NAMED = 20;
const NOTE =
  'a proposal: attached beside the present policies it denies what was not seen in use, whoever gives it, and gives nothing; read it before you use it';
const NOTHING = 'nothing is known to be granted and not used';

type Write = (actions: readonly string[]) => unknown;

/** As each cloud writes a denial. */
const DOCUMENTS: ReadonlyMap<string, Write> = new Map<string, Write>([
  ['aws', (Action) => ({ Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action, Resource: '*' }] })],
  ['alibaba', (Action) => ({ Version: '1', Statement: [{ Effect: 'Deny', Action, Resource: '*' }] })],
  ['tencent', (action) => ({ version: '2.0', statement: [{ effect: 'deny', action, resource: ['*'] }] })],
]);

/** It can give nothing that the present policies, their resources and conditions do not give. What is not told stays. */
export function proposalOf(provider: string, services: readonly JudgedService[]): Proposal {
  const unknown = untoldOf(services);
  const taken = takenOf(services);
  const write = DOCUMENTS.get(provider);
  if (taken.length === 0 || write === undefined) return { note: NOTHING, leaves_out: unknown };
  const fitting = fittingIn(taken, write);
  const left = taken.length - fitting.length;
  return {
    document: write(fitting.toSorted()),
    note: NOTE,
    leaves_out: [...(left === 0 ? [] : [`${left} more that one policy cannot hold`]), ...unknown],
  };
}

/** Whole services first: they are more. */
function takenOf(services: readonly JudgedService[]): readonly string[] {
  const whole = services.filter(({ unused }) => unused === 'yes').map(({ use }) => use.service);
  if (whole.includes('*')) return ['*'];
  const single = services.filter(({ unused }) => unused !== 'yes').flatMap(unusedActionsOf);
  return [...whole.map((service) => `${service}:*`), ...single];
}

/** As policies name them. */
export function unusedActionsOf({ use, unusedActions }: JudgedService): readonly string[] {
  return unusedActions.map(({ action = '' }) => `${use.service}:${action}`);
}

function fittingIn(actions: readonly string[], write: Write): readonly string[] {
  let characters = JSON.stringify(write([])).length;
  const over = actions.findIndex((action) => {
    characters += JSON.stringify(action).length + 1;
    return characters > MOST_CHARACTERS;
  });
  return over === -1 ? actions : actions.slice(0, over);
}

function untoldOf(services: readonly JudgedService[]): readonly string[] {
  const names = services.filter(({ unused }) => unused === 'unknown').map(({ use }) => use.service);
  if (names.length === 0) return [];
  const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : '';
  return [`services of which nobody can tell whether they are used: ${names.slice(0, MOST_NAMED).join(', ')}${more}`];
}
