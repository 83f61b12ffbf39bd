import type { CoverageState } from '../domain/coverage.ts';
import type { ChangeType, HealthState } from '../domain/event-types.ts';
import type { ChangeRules, Severity } from '../domain/rules.ts';

const CHANGE: Readonly<Record<ChangeType, Severity>> = {
  'user.created': 'medium',
  'user.deleted': 'low',
  'user.renamed': 'low',
  'console.enabled': 'medium',
  'console.disabled': 'low',
  'password.changed': 'informational',
  'mfa.enabled': 'informational',
  'mfa.disabled': 'high',
  'access_key.created': 'medium',
  'access_key.rotated': 'informational',
  'access_key.activated': 'medium',
  'access_key.deactivated': 'low',
  'access_key.deleted': 'low',
  'access_key.first_used': 'informational',
  'access_key.used_again': 'medium',
  'access_key.new_region': 'medium',
  'access_key.new_service': 'low',
  'access_key.at_risk': 'critical',
  'console.first_login': 'informational',
  'console.login_again': 'medium',
  'root.signed_in': 'high',
  'root.key_used': 'critical',
  'login.abnormal': 'high',
  'login_protection.enabled': 'informational',
  'login_protection.disabled': 'high',
  'operation_protection.enabled': 'informational',
  'operation_protection.disabled': 'medium',
  'certificate.created': 'medium',
  'certificate.activated': 'medium',
  'certificate.deactivated': 'low',
  'certificate.deleted': 'low',
  'service_credential.created': 'medium',
  'service_credential.activated': 'medium',
  'service_credential.deactivated': 'low',
  'service_credential.deleted': 'low',
};

/** What is routine for a user is not for root. */
const ROOT_CHANGE: Readonly<Partial<Record<ChangeType, Severity>>> = {
  'console.enabled': 'high',
  'password.changed': 'high',
  'mfa.disabled': 'critical',
  'access_key.created': 'critical',
  'access_key.rotated': 'critical',
  'access_key.activated': 'critical',
  'access_key.new_region': 'critical',
  'access_key.new_service': 'critical',
  'certificate.created': 'critical',
  'certificate.activated': 'critical',
};

const HEALTH: Readonly<Record<HealthState, Severity>> = {
  failing: 'medium',
  late: 'medium',
  quarantined: 'high',
  held: 'high',
  left: 'low',
  recovered: 'informational',
};

const COVERAGE: Readonly<Record<CoverageState, Severity>> = {
  denied: 'medium',
  stale: 'medium',
  unlisted: 'medium',
  partial: 'low',
  excluded: 'informational',
  covered: 'informational',
};

const WARNING: Readonly<Record<Severity, Severity>> = {
  critical: 'high',
  high: 'medium',
  medium: 'low',
  low: 'informational',
  informational: 'informational',
};

/** What a report's context keeps where the config says nothing, and what an older Muster went by. */
export const CHANGE_DEFAULTS: ChangeRules = { silence_days: 90, severity: {}, root_severity: {} };

export function severityOfChange(type: ChangeType, identityKind: string, rules = CHANGE_DEFAULTS): Severity {
  if (identityKind === 'root') return ownOf(rules.root_severity, type) ?? ROOT_CHANGE[type] ?? CHANGE[type];
  return ownOf(rules.severity, type) ?? CHANGE[type];
}

function ownOf(table: Readonly<Record<string, Severity>>, type: ChangeType): Severity | undefined {
  return Object.hasOwn(table, type) ? table[type] : undefined;
}

export function severityOfHealth(state: HealthState): Severity {
  return HEALTH[state];
}

export function severityOfCoverage(state: CoverageState): Severity {
  return COVERAGE[state];
}

/** A warning weighs one step less than the failure of the same check. */
export function severityOfFinding(severity: Severity, status: 'fail' | 'warn'): Severity {
  return status === 'warn' ? WARNING[severity] : severity;
}
