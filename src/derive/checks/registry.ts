import type { Rule, Rules } from '../../domain/rules.ts';
import { auditChecks } from '../access/checks/registry.ts';
import { canaryUsed } from './canary-used.ts';
import type { Check, KnownCheck } from './check.ts';
import { keyLeakSuspected } from './key-leak-suspected.ts';
import { keyServiceSpecific } from './key-service-specific.ts';
import { loginAbnormal } from './login-abnormal.ts';
import { loginProtectionOff } from './login-protection-off.ts';
import { orgRootCredsPresent } from './org-root-creds-present.ts';
import { rootCertActive } from './root-cert-active.ts';
import { rootKeyExists } from './root-key-exists.ts';
import { rootMfaMissing } from './root-mfa-missing.ts';
import { rootMfaNotHardware } from './root-mfa-not-hardware.ts';
import { rootUsedRecently } from './root-used-recently.ts';
import { userAnyNoMfa } from './user-any-no-mfa.ts';
import { userCertActive } from './user-cert-active.ts';
import { userConsoleNoMfa } from './user-console-no-mfa.ts';
import { userInUse } from './user-in-use.ts';
import { userInactive } from './user-inactive.ts';
import { userKeyExtra } from './user-key-extra.ts';
import { userKeyInactiveLeft } from './user-key-inactive-left.ts';
import { userKeyNeverUsed } from './user-key-never-used.ts';
import { userKeyTooOld } from './user-key-too-old.ts';
import { userKeyTwoActive } from './user-key-two-active.ts';
import { userKeyUnused } from './user-key-unused.ts';
import { userPasswordAndKey } from './user-password-and-key.ts';
import { userPasswordExpired } from './user-password-expired.ts';
import { userPasswordUnused } from './user-password-unused.ts';

/** Every check of a credential report: one file and one line each. */
export const checks: readonly Check[] = [
  rootKeyExists,
  userConsoleNoMfa,
  userKeyTooOld,
  rootMfaMissing,
  rootUsedRecently,
  rootCertActive,
  userAnyNoMfa,
  userPasswordUnused,
  userPasswordExpired,
  userPasswordAndKey,
  userKeyUnused,
  userKeyNeverUsed,
  userKeyTwoActive,
  userKeyInactiveLeft,
  userKeyExtra,
  userCertActive,
  userInactive,
  userInUse,
  keyLeakSuspected,
  keyServiceSpecific,
  loginAbnormal,
  loginProtectionOff,
  canaryUsed,
  orgRootCredsPresent,
  rootMfaNotHardware,
];

/** Every check that Muster knows, those of audits too. */
export const everyCheck: readonly KnownCheck[] = [...checks, ...auditChecks];

/** The rule that is in force: what the given rules say, and the check's defaults for all that they do not. */
export function ruleOf(rules: Rules, { id, defaults }: KnownCheck): Rule {
  const rule: Partial<Rule> = Object.hasOwn(rules, id) ? (rules[id] ?? {}) : {};
  return { ...defaults, ...rule, thresholds: { ...defaults.thresholds, ...rule.thresholds } };
}

/** Every check's rule, spelt out: what a report's context keeps, so that a later default judges nothing anew. */
export function completeRules(rules: Rules): Rules {
  return Object.fromEntries(everyCheck.map((check) => [check.id, ruleOf(rules, check)]));
}
