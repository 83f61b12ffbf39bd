import type { IdentityAccess } from './identities.ts';
import { listed, MOST_CHARACTERS, type Writer, writerOf } from './policy-writer.ts';
import { type SmallerPolicy, smallerPolicy } from './smaller-policy.ts';
import type { JudgedService } from './unused.ts';

/** How what is not used could be taken away, in two ways: a denial beside the present policies, or a smaller policy in their place. */
export interface Proposal {
  /** The denial. Left out when there is nothing to take away, or for a cloud whose policies Muster cannot write. */
  readonly document?: unknown;
  readonly note: string;
  readonly leaves_out: readonly string[];
  readonly smaller_policy?: SmallerPolicy;
}

const NOTE =
  'a proposal: attached beside the present policies it denies what was not seen in use, whoever gives it, and gives nothing; read it before you use it';
const NOTHING = 'nothing is known to be granted and not used';

/** The denial can give nothing that the present policies, their resources and conditions do not give. What is not told stays. */
export function proposalOf(
  provider: string,
  services: readonly JudgedService[],
  { isPartial }: Pick<IdentityAccess, 'isPartial'>,
): Proposal {
  const untold = services.filter(({ unused }) => unused === 'unknown').map(({ use }) => use.service);
  const unknown = listed('services of which nobody can tell whether they are used', untold);
  const taken = takenOf(services);
  const write = writerOf(provider);
  if (taken.length === 0 || write === undefined) return { note: NOTHING, leaves_out: unknown };
  const fitting = fittingIn(taken, write);
  const left = taken.length - fitting.length;
  // What could not be read would be taken away with it.
  const smaller_policy = isPartial ? undefined : smallerPolicy(write, services);
  return {
    document: write('Deny', fitting.toSorted()),
    note: NOTE,
    leaves_out: [...(left === 0 ? [] : [`${left} more that one policy cannot hold`]), ...unknown],
    ...(smaller_policy === undefined ? {} : { smaller_policy }),
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

function fittingIn(actions: readonly string[], write: Writer): readonly string[] {
  let characters = JSON.stringify(write('Deny', [])).length;
  const over = actions.findIndex((action) => {
    characters += JSON.stringify(action).length + 1;
    return characters > MOST_CHARACTERS;
  });
  return over === -1 ? actions : actions.slice(0, over);
}
