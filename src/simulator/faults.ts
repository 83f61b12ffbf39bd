import { Fault } from '../domain/fault.ts';
import type { Random } from './random.ts';

const FAULT_RULE_KINDS = [
  'throttle',
  'limit_exceeded',
  'error500',
  'slow',
  'hang',
  'reset',
  'lost_answer',
  'truncated',
  'garbage',
  'html',
  'denied',
  'expired_token',
] as const;
type FaultRuleKind = (typeof FAULT_RULE_KINDS)[number];

interface CallMatch {
  readonly service?: string;
  readonly action?: string;
  readonly account?: string;
}

/** A planted fault: hits every matching call, `count` of them, or each with `probability`. */
export interface FaultRule {
  readonly match: CallMatch;
  readonly kind: FaultRuleKind;
  readonly count?: number;
  /** Real milliseconds: of `slow` how long, of `hang` when the connection is cut (never when absent). */
  readonly ms?: number;
  readonly probability?: number;
  /** HTTP status of `html` and `garbage`. */
  readonly status?: number;
}

interface PlantedFault extends FaultRule {
  readonly id: number;
  readonly hits: number;
}

export interface Faults {
  plant(rule: FaultRule): PlantedFault;
  list(): readonly PlantedFault[];
  clear(): void;
  /** The first rule that hits this call; it is spent by that. */
  take(call: Required<Omit<CallMatch, 'account'>> & { readonly account: string | undefined }): FaultRule | undefined;
}

export function createFaults(random: Random): Faults {
  let rules: (FaultRule & { readonly id: number; hits: number })[] = [];
  let planted = 0;
  return {
    plant(rule) {
      planted += 1;
      const fault = { ...rule, id: planted, hits: 0 };
      rules.push(fault);
      return { ...fault };
    },
    list: () => rules.map((rule) => ({ ...rule })),
    clear() {
      rules = [];
    },
    take(call) {
      const hit = rules.find(
        (rule) =>
          rule.hits < (rule.count ?? Number.POSITIVE_INFINITY) &&
          matches(rule.match, call) &&
          (rule.probability === undefined || random.chance(rule.probability)),
      );
      if (hit !== undefined) hit.hits += 1;
      return hit;
    },
  };
}

function matches(match: CallMatch, call: { service: string; action: string; account: string | undefined }): boolean {
  if (match.service !== undefined && match.service !== call.service) return false;
  if (match.action !== undefined && match.action !== call.action) return false;
  return match.account === undefined || match.account === call.account;
}

/** From the control plane's JSON. */
export function parseFaultRule(body: Readonly<Record<string, unknown>>): FaultRule {
  const kind = FAULT_RULE_KINDS.find((known) => known === body['kind']);
  if (kind === undefined) throw new Fault('misconfigured', `kind must be one of ${FAULT_RULE_KINDS.join(', ')}`);
  const numbers = Object.fromEntries(
    ['count', 'ms', 'probability', 'status'].flatMap((name) => {
      const given = body[name];
      return typeof given === 'number' ? [[name, given]] : [];
    }),
  );
  return { kind, match: parseMatch(body['match']), ...numbers };
}

function parseMatch(given: unknown): CallMatch {
  if (given === undefined) return {};
  if (typeof given !== 'object' || given === null) throw new Fault('misconfigured', 'match must be an object');
  for (const [name, wanted] of Object.entries(given)) {
    if (!['service', 'action', 'account'].includes(name) || typeof wanted !== 'string')
      throw new Fault('misconfigured', `match.${name}: only service, action and account, as strings`);
  }
  return { ...given };
}
