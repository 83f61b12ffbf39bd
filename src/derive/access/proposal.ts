import type { ServiceAccess } from '../../domain/access.ts';
import { valueOf } from '../../domain/record.ts';
import type { JudgedService } from './unused.ts';

/** A smaller policy, and what it cannot know. */
export interface Proposal {
  /** Left out when nothing was used, or for a cloud whose policies Muster cannot write. */
  readonly document?: unknown;
  readonly note: string;
  readonly leaves_out: readonly string[];
}

const HOUR_MS = 3_600_000;
const MAX_ACTIONS = 100;
const NOTE = 'a proposal made of what was seen in use: read it before you use it';
const NOTHING = 'nothing that is granted was used: take all of it away';
const LEAVES_OUT = [
  'the resources and conditions of the present policies: it allows all resources',
  'actions that the cloud does not show as used, as many on data are',
];

type Write = (actions: readonly string[]) => unknown;

/** As each cloud writes a policy. */
const DOCUMENTS: ReadonlyMap<string, Write> = new Map<string, Write>([
  ['aws', (Action) => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] })],
  ['alibaba', (Action) => ({ Version: '1', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] })],
  ['tencent', (action) => ({ version: '2.0', statement: [{ effect: 'allow', action, resource: ['*'] }] })],
]);

/** What is left when everything that was not used is taken away. What is not told stays. */
export function proposalOf(provider: string, services: readonly JudgedService[]): Proposal {
  const kept = services.filter(({ unused }) => unused !== 'yes').map(keptOf);
  if (kept.length === 0) return { note: NOTHING, leaves_out: [] };
  const write = DOCUMENTS.get(provider);
  const actions = kept.flatMap(({ actions }) => actions).sort();
  return {
    ...(write === undefined ? {} : { document: write(actions) }),
    note: NOTE,
    leaves_out: [...LEAVES_OUT, ...kept.flatMap(({ why }) => (why === undefined ? [] : [why]))],
  };
}

interface Kept {
  readonly actions: readonly string[];
  readonly why?: string;
}

function keptOf({ use, unusedActions }: JudgedService): Kept {
  const { service, actions } = use;
  const whole = [`${service}:*`];
  if (actions.length === 0) return { actions: whole, why: `${service}: no action is told, so all are allowed` };
  const used = actions.filter((action) => !unusedActions.includes(action) && valueOf(action.granted) !== false);
  if (isUsedBeside(use.lastUsedAt, actions)) {
    return { actions: whole, why: `${service}: it was used in a way that no action shows, so all are allowed` };
  }
  if (used.length > MAX_ACTIONS) return { actions: whole, why: `${service}: more than ${MAX_ACTIONS} actions` };
  if (used.length === 0)
    return { actions: whole, why: `${service}: no action that was used is told, so all are allowed` };
  return { actions: used.map(({ action = '' }) => (action.includes(':') ? action : `${service}:${action}`)) };
}

/** The service was used later than any action that is told. */
function isUsedBeside(lastUsedAt: JudgedService['use']['lastUsedAt'], actions: readonly ServiceAccess[]): boolean {
  const used = valueOf(lastUsedAt);
  if (used === undefined) return true;
  return actions.every(({ lastUsedAt: of }) => 'reason' in of || of.value < used - HOUR_MS);
}
