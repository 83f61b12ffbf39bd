/** One statement of a policy, whichever of the three clouds wrote it. */
export interface Statement {
  readonly isAllow: boolean;
  /** Patterns, without Tencent Cloud's prefix `name/`; `everything but …` for NotAction. */
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Of a trust policy: `AWS arn:…`. */
  readonly principals: readonly string[] | undefined;
  /** As JSON; undefined when there is none. */
  readonly condition: string | undefined;
}

/** Every policy in what a cloud's tools print: the document itself, or wrapped, quoted or URL-encoded in something else. */
export function statementsIn(given: unknown): readonly Statement[] {
  if (typeof given === 'string') return statementsIn(unquoted(given));
  if (Array.isArray(given)) return given.flatMap(statementsIn);
  if (typeof given !== 'object' || given === null) return [];
  const own = lowerCased(given);
  const statement = own.get('statement');
  if (statement !== undefined && typeof statement === 'object') return listOf(statement).flatMap(statementOf);
  return Object.values(given).flatMap(statementsIn);
}

function statementOf(given: unknown): readonly Statement[] {
  if (typeof given !== 'object' || given === null) return [];
  const own = lowerCased(given);
  const but = textsOf(own.get('notaction')).map((action) => `everything but ${action}`);
  const butOn = textsOf(own.get('notresource')).map((resource) => `everything but ${resource}`);
  const principal = own.get('principal') ?? own.get('notprincipal');
  const condition = own.get('condition');
  return [
    {
      isAllow: String(own.get('effect')).toLowerCase() === 'allow',
      actions: [...textsOf(own.get('action')).map((action) => action.replace(/^name\//, '')), ...but],
      resources: [...textsOf(own.get('resource')), ...butOn],
      principals: principal === undefined ? undefined : principalsOf(principal),
      condition: condition === undefined ? undefined : JSON.stringify(plain(condition)),
    },
  ];
}

function principalsOf(given: unknown): readonly string[] {
  if (typeof given !== 'object' || given === null) return [String(given)];
  return Object.entries(given).flatMap(([kind, names]) => textsOf(names).map((name) => `${kind} ${name}`));
}

/** A list of one is the one: the clouds take both. */
function plain(given: unknown): unknown {
  if (Array.isArray(given)) return given.length === 1 ? plain(given[0]) : given.map(plain);
  if (typeof given !== 'object' || given === null) return given;
  return Object.fromEntries(Object.entries(given).map(([key, value]) => [key, plain(value)]));
}

function unquoted(text: string): unknown {
  for (const one of [text, decoded(text)]) {
    if (!/^\s*[[{]/.test(one)) continue;
    try {
      return JSON.parse(one);
    } catch {
      // not JSON after all
    }
  }
  return undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function lowerCased(given: object): ReadonlyMap<string, unknown> {
  return new Map(Object.entries(given).map(([key, value]) => [key.toLowerCase(), value]));
}

function listOf(given: unknown): readonly unknown[] {
  return Array.isArray(given) ? given : [given];
}

function textsOf(given: unknown): readonly string[] {
  return listOf(given).filter((one) => typeof one === 'string');
}
