import type { ServiceAccess } from '../../domain/access.ts';
import { valueOf } from '../../domain/record.ts';
import type { ServiceUse } from './identities.ts';
import { fits, listed, type Writer } from './policy-writer.ts';
import type { JudgedService } from './unused.ts';

/** A policy to put in the place of the present ones, when their resources and conditions are written into it. */
export interface SmallerPolicy {
  readonly document: unknown;
  readonly leaves_out: readonly string[];
}

/** A service may have been used a little later than the action that did it: clouds tell both by the hour. */
const HOUR_MS = 3_600_000;
const LEAVES_OUT = ['resources and conditions: it allows all', 'uses that the cloud does not record'];

/** What was used, and what nobody can tell. Undefined where that is nothing, everything, or more than one policy holds. */
export function smallerPolicy(write: Writer, services: readonly JudgedService[]): SmallerPolicy | undefined {
  const kept = services.filter(isKept).map(keptOf);
  if (kept.length === 0 || kept.some(({ service }) => service === '*')) return undefined;
  return [kept, kept.map(whole)].map((some) => policyOf(some, write)).find(({ document }) => fits(document));
}

/** A pattern of services was used by the services that it means, which stand for themselves. */
function isKept({ use, unused }: JudgedService): boolean {
  return unused === 'unknown' || (unused === 'no' && !use.service.includes('*'));
}

interface Kept {
  readonly service: string;
  /** Undefined where the service is allowed whole, because not all that was used is told. */
  readonly actions: readonly string[] | undefined;
}

function keptOf({ use, unused, unusedActions }: JudgedService): Kept {
  const { service, actions } = use;
  const used = actions.filter((action) => !unusedActions.includes(action) && valueOf(action.granted) !== false);
  const areTold = unused === 'no' && used.length > 0 && !isUsedBeside(use, actions);
  return { service, actions: areTold ? used.map(({ action = '' }) => `${service}:${action}`) : undefined };
}

/** The service was used later than any action that is told. */
function isUsedBeside({ lastUsedAt }: ServiceUse, actions: readonly ServiceAccess[]): boolean {
  const used = valueOf(lastUsedAt);
  return used === undefined || actions.every((action) => (valueOf(action.lastUsedAt) ?? 0) < used - HOUR_MS);
}

function whole({ service }: Kept): Kept {
  return { service, actions: undefined };
}

function policyOf(kept: readonly Kept[], write: Writer): SmallerPolicy {
  const wholes = kept.filter(({ actions }) => actions === undefined).map(({ service }) => service);
  const actions = kept.flatMap(({ service, actions: used = [`${service}:*`] }) => used);
  return {
    document: write('Allow', actions.toSorted()),
    leaves_out: [...LEAVES_OUT, ...listed('allowed whole, as not all used actions are told', wholes)],
  };
}
