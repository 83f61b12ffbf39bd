import { Fault } from '../domain/fault.ts';

/** What somebody may do: anything, these actions on anything, or what a policy says, to the letter. */
export type Allow = '*' | readonly string[] | Policy;

/** A policy as its cloud writes it. AWS and Alibaba Cloud begin its words with a capital, Tencent Cloud does not. */
export interface Policy {
  readonly statements: readonly Statement[];
}

interface Statement {
  readonly isAllow: boolean;
  readonly actions: readonly string[];
  /** Undefined in a trust policy. */
  readonly resources: readonly string[] | undefined;
  /** Who is trusted, by kind (`AWS`, `RAM`, `qcs`, `service`, `federated`); undefined in all others. */
  readonly principals: ReadonlyMap<string, readonly string[]> | undefined;
  readonly externalIds: readonly string[] | undefined;
}

/** Who asks for a role. */
export interface Asking {
  readonly action: string;
  /** All names that a trust policy may know them by: their own, and their account's. */
  readonly names: readonly string[];
  readonly externalId: string | undefined;
}

/** A call that is about nothing in particular needs `*`. */
export function allows(allow: Allow, action: string, resource = '*'): boolean {
  if (allow === '*') return true;
  if (!isPolicy(allow)) return allow.some((pattern) => isMeant(pattern, action));
  const about = allow.statements.filter(
    ({ actions, resources = [] }) =>
      actions.some((pattern) => isMeant(pattern, action)) && resources.some((pattern) => isMeant(pattern, resource)),
  );
  return about.some(({ isAllow }) => isAllow) && about.every(({ isAllow }) => isAllow);
}

function trusts({ statements }: Policy, { action, names, externalId }: Asking): boolean {
  return statements.some(
    ({ isAllow, actions, principals, externalIds }) =>
      isAllow &&
      actions.some((pattern) => isMeant(pattern, action)) &&
      [...(principals ?? new Map<string, readonly string[]>()).values()].flat().some((name) => names.includes(name)) &&
      (externalIds === undefined || (externalId !== undefined && externalIds.includes(externalId))),
  );
}

/** Strict, as the clouds are: a word that is not known is refused. */
export function readPolicy(given: unknown): Policy {
  const document = new Map(Object.entries(objectOf(given)).map(([key, value]) => [key.toLowerCase(), value]));
  for (const key of document.keys()) if (!['version', 'statement', 'id'].includes(key)) throw malformed(key);
  if (!['2012-10-17', '1', '2.0'].includes(String(document.get('version')))) throw malformed('version');
  const statements = listOf(document.get('statement')).map(readStatement);
  if (statements.length === 0) throw malformed('statement');
  return { statements };
}

function readStatement(given: unknown): Statement {
  const statement = new Map(Object.entries(objectOf(given)).map(([key, value]) => [key.toLowerCase(), value]));
  for (const key of statement.keys())
    if (!['sid', 'effect', 'action', 'resource', 'principal', 'condition'].includes(key)) throw malformed(key);
  const effect = String(statement.get('effect')).toLowerCase();
  if (effect !== 'allow' && effect !== 'deny') throw malformed('effect');
  const resources = statement.get('resource');
  const principal = statement.get('principal');
  if ((resources === undefined) === (principal === undefined)) throw malformed('resource or principal');
  return {
    isAllow: effect === 'allow',
    actions: textsOf(statement.get('action'), 'action').map((action) => action.replace(/^name\//, '')),
    resources: resources === undefined ? undefined : textsOf(resources, 'resource'),
    principals: principal === undefined ? undefined : principalsOf(principal),
    externalIds: externalIdsOf(statement.get('condition')),
  };
}

function principalsOf(given: unknown): ReadonlyMap<string, readonly string[]> {
  return new Map(Object.entries(objectOf(given)).map(([kind, names]) => [kind.toLowerCase(), textsOf(names, kind)]));
}

/** The one condition that we know: equal to an external id. */
function externalIdsOf(given: unknown): readonly string[] | undefined {
  if (given === undefined) return undefined;
  const [[operator, tested] = ['', {}], ...others] = Object.entries(objectOf(given));
  const [[key, wanted] = ['', ''], ...further] = Object.entries(objectOf(tested));
  const isKnown = /^(?:StringEquals|string_equal)$/.test(operator) && /^sts:(?:ExternalId|external_id)$/.test(key);
  if (!isKnown || others.length > 0 || further.length > 0) throw malformed('condition');
  return textsOf(wanted, key);
}

function isPolicy(allow: Exclude<Allow, '*'>): allow is Policy {
  return 'statements' in allow;
}

function isMeant(pattern: string, text: string): boolean {
  if (!pattern.includes('*')) return pattern.toLowerCase() === text.toLowerCase();
  const escaped = pattern.split('*').map((part) => part.replace(/[$()+.?[\\\]^{|}]/g, '\\$&'));
  return new RegExp(`^${escaped.join('.*')}$`, 'i').test(text);
}

function objectOf(given: unknown): Readonly<Record<string, unknown>> {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) throw malformed('it is no object');
  return given as Readonly<Record<string, unknown>>; // an object, as seen
}

function listOf(given: unknown): readonly unknown[] {
  return Array.isArray(given) ? given : [given];
}

function textsOf(given: unknown, what: string): readonly string[] {
  const texts = listOf(given).filter((one) => typeof one === 'string');
  if (texts.length === 0 || texts.length !== listOf(given).length) throw malformed(what);
  return texts;
}

function malformed(what: string): Fault {
  return new Fault('misconfigured', `this is no policy: ${what}`);
}

/** A role, as far as who may take it is concerned. `trust`, where it is given, replaces the other two. */
interface Trusting {
  readonly trusts: readonly string[];
  readonly externalId: string | undefined;
  readonly trust?: Policy;
}

export function isTrusted(role: Trusting, asking: Asking): boolean {
  if (role.trust !== undefined) return trusts(role.trust, asking);
  const isNamed = asking.names.some((name) => role.trusts.includes(name));
  return isNamed && (role.externalId === undefined || role.externalId === asking.externalId);
}
