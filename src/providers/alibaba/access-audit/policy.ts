import { z } from 'zod';
import { hasKeyTwice } from '../../../kit/key-twice.ts';

/** Larger ones are not read: RAM's own are a few thousand characters. */
const MOST_CHARACTERS = 131_072;
const ACTION = /^(?:\*|[\w.*-]{1,64}:[\w./*:-]{1,192})$/;

/** How Alibaba Cloud's own access audit calls what is wrong with a policy. */
type PolicyError =
  | 'InvalidParameter.Policy.Statement'
  | 'InvalidParameter.Policy.NotAction'
  | 'LengthExceedLimit.Policy';

export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  /** As they stand in the policy; `*` is written `*:*`. */
  readonly actions: readonly string[];
  /** The actions are those that it does not mean. */
  readonly isNot: boolean;
  /** It names resources: it gives or takes some of them only. */
  readonly isOfSome: boolean;
  readonly isConditional: boolean;
}

export type Policy =
  | { readonly statements: readonly Statement[] }
  | { readonly error: PolicyError; readonly what: string };

const Texts = z.union([z.string().transform((one) => [one]), z.array(z.string())]);

const Written = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Action: Texts.optional(),
  NotAction: Texts.optional(),
  Resource: Texts.optional(),
  NotResource: Texts.optional(),
  Condition: z.record(z.string(), z.unknown()).optional(),
});
type Written = z.infer<typeof Written>;

/** What a policy says, or what is wrong with it. Total on any text. */
export function readPolicy(document: string): Policy {
  if (document.length > MOST_CHARACTERS)
    return { error: 'LengthExceedLimit.Policy', what: `it has more than ${MOST_CHARACTERS} characters` };
  const statements = statementsOf(document);
  if (typeof statements === 'string') return invalid(statements);
  const read: Statement[] = [];
  for (const [index, statement] of statements.entries()) {
    const found = statementOf(statement, index + 1);
    if ('error' in found) return found;
    read.push(found);
  }
  return { statements: read };
}

function invalid(what: string): Policy & { readonly error: PolicyError } {
  return { error: 'InvalidParameter.Policy.Statement', what };
}

/** The statements, or why there are none. */
function statementsOf(document: string): readonly unknown[] | string {
  let written: unknown;
  try {
    written = JSON.parse(document);
  } catch {
    return 'it is not JSON';
  }
  if (hasKeyTwice(document, written)) return 'it says something twice';
  const policy = z.object({ Version: z.unknown().optional(), Statement: z.unknown() }).safeParse(written);
  if (!policy.success || policy.data.Statement === undefined) return 'it has no Statement';
  const { Version: version = '1', Statement: found } = policy.data;
  if (version !== '1') return `it is of the version ${shortened(JSON.stringify(version))}`;
  return Array.isArray(found) ? found : [found];
}

function statementOf(given: unknown, number: number): Statement | (Policy & { readonly error: PolicyError }) {
  const statement = Written.safeParse(given);
  if (!statement.success) {
    const [issue] = statement.error.issues;
    const where =
      issue?.code === 'unrecognized_keys' ? shortened(issue.keys.join(', ')) : (issue?.path.join('.') ?? '');
    return invalid(`statement ${number} has no valid ${where === '' ? 'elements' : where}`);
  }
  const { Effect: effect, Action: action, NotAction: notAction, Condition: condition = {} } = statement.data;
  if ((action === undefined) === (notAction === undefined))
    return invalid(`statement ${number} needs either Action or NotAction`);
  const actions = action ?? notAction ?? [];
  const odd = actions.find((one) => !ACTION.test(one));
  if (odd !== undefined && notAction !== undefined)
    return {
      error: 'InvalidParameter.Policy.NotAction',
      what: `statement ${number} has a NotAction that is none: ${shown(odd)}`,
    };
  if (odd !== undefined) return invalid(`statement ${number} has an Action that is none: ${shown(odd)}`);
  return {
    effect,
    actions: actions.map((one) => (one === '*' ? '*:*' : one)),
    isNot: notAction !== undefined,
    isOfSome: isOfSome(statement.data),
    isConditional: Object.keys(condition).length > 0,
  };
}

function shown(text: string): string {
  return JSON.stringify(shortened(text));
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** `acs:*:*:*:*` is everything, as `*` is. */
function isOfSome({ Resource, NotResource }: Written): boolean {
  if (NotResource !== undefined) return true;
  return Resource !== undefined && !Resource.some((one) => /^(?:\*|acs(?::\*){4})$/.test(one));
}
