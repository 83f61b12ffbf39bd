import { z } from 'zod';
import { isLike } from '../../../kit/glob.ts';
import { hasKeyTwice } from '../../../kit/key-twice.ts';

/** One statement of a policy of CAM's, as far as it says who may do what. */
export interface Statement {
  readonly isAllow: boolean;
  readonly actions: readonly ActionPattern[];
  /** On everything and always: no resource, no condition narrows it. */
  readonly isPlain: boolean;
}

export interface ActionPattern {
  /** `*`: of every service. */
  readonly service: string;
  readonly action: string;
}

const Texts = z.union([z.string().transform((one) => [one]), z.array(z.string())]);
const StatementJson = z.strictObject({
  effect: z.string(),
  action: Texts,
  resource: Texts.optional(),
  condition: z.record(z.string(), z.unknown()).optional(),
  principal: z.unknown().optional(),
  sid: z.unknown().optional(),
});
const DocumentJson = z.object({
  version: z.literal('2.0').optional(),
  statement: z.union([z.array(StatementJson), StatementJson.transform((one) => [one])]),
});

/** Undefined where there is a word in it that is not known: guessing would give or take what it does not. */
export function readDocument(text: string): readonly Statement[] | undefined {
  try {
    const written = lowerKeys(JSON.parse(text));
    const document = DocumentJson.safeParse(written);
    if (!document.success || hasKeyTwice(text, written)) return undefined;
    const statements = document.data.statement.map(statementOf);
    return statements.some((one) => one === undefined) ? undefined : statements.flatMap((one) => one ?? []);
  } catch {
    return undefined;
  }
}

function statementOf({
  effect,
  action,
  resource = ['*'],
  condition = {},
}: z.infer<typeof StatementJson>): Statement | undefined {
  const isAllow = effect.toLowerCase() === 'allow';
  if (!isAllow && effect.toLowerCase() !== 'deny') return undefined;
  const actions = action.map(patternOf);
  if (actions.some((one) => one === undefined)) return undefined;
  const isPlain = resource.includes('*') && Object.keys(condition).length === 0;
  return { isAllow, actions: actions.flatMap((one) => one ?? []), isPlain };
}

/** `name/cos:*`, `cvm:Describe*`, `*:Describe*`, `*`. */
function patternOf(text: string): ActionPattern | undefined {
  const plain = text.replace(/^name\//, '');
  if (plain === '*') return { service: '*', action: '*' };
  const match = /^(\*|[\w-]+):([\w*-]+)$/.exec(plain);
  return match === null ? undefined : { service: (match[1] ?? '').toLowerCase(), action: match[2] ?? '' };
}

export function isMeant({ service, action }: ActionPattern, asked: ActionPattern): boolean {
  if (service !== '*' && service !== asked.service) return false;
  return isLike(asked.action, action);
}

/** As little special as what the pattern means can be: whoever means this by a `*` means all of it. */
export function leastSpecial({ action }: ActionPattern): string {
  return action.replaceAll('*', '\u0001');
}

/** The words of a policy are written with a capital here and there. */
function lowerKeys(given: unknown, depth = 0): unknown {
  if (Array.isArray(given)) return given.map((one) => lowerKeys(one, depth));
  if (typeof given !== 'object' || given === null || depth > 1) return given;
  return Object.fromEntries(Object.entries(given).map(([key, one]) => [key.toLowerCase(), lowerKeys(one, depth + 1)]));
}
