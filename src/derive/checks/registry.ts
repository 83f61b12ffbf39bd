import type { Rule, Rules } from '../../domain/rules.ts';
import type { Check } from './check.ts';
import { rootKeyExists } from './root-key-exists.ts';
import { userConsoleNoMfa } from './user-console-no-mfa.ts';
import { userKeyTooOld } from './user-key-too-old.ts';

/** Every check that Muster knows: one file and one line each. */
export const checks: readonly Check[] = [rootKeyExists, userConsoleNoMfa, userKeyTooOld];

/** The rule that is in force: what the given rules say, and the check's defaults for all that they do not. */
export function ruleOf(rules: Rules, { id, defaults }: Check): Rule {
  const rule: Partial<Rule> = Object.hasOwn(rules, id) ? (rules[id] ?? {}) : {};
  return { ...defaults, ...rule, thresholds: { ...defaults.thresholds, ...rule.thresholds } };
}

/** Every check's rule, spelt out: what a report's context keeps, so that a later default judges nothing anew. */
export function completeRules(rules: Rules): Rules {
  return Object.fromEntries(checks.map((check) => [check.id, ruleOf(rules, check)]));
}
