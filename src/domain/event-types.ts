/** What a credential report tells. */
export const CHANGE_TYPES = [
  'user.created',
  'user.deleted',
  'user.renamed',
  'console.enabled',
  'console.disabled',
  'password.changed',
  'mfa.enabled',
  'mfa.disabled',
  'access_key.created',
  'access_key.rotated',
  'access_key.activated',
  'access_key.deactivated',
  'access_key.deleted',
  'access_key.first_used',
  'access_key.used_again',
  'access_key.new_region',
  'access_key.new_service',
  'access_key.at_risk',
  'console.first_login',
  'console.login_again',
  'root.signed_in',
  'root.key_used',
  'login.abnormal',
  'login_protection.enabled',
  'login_protection.disabled',
  'operation_protection.enabled',
  'operation_protection.disabled',
  'certificate.created',
  'certificate.activated',
  'certificate.deactivated',
  'certificate.deleted',
  'service_credential.created',
  'service_credential.activated',
  'service_credential.deactivated',
  'service_credential.deleted',
] as const;
export type ChangeType = (typeof CHANGE_TYPES)[number];

/** What an audit tells beside the changes of a credential report. */
export const ACCESS_CHANGE_TYPES = [
  'access.first_use',
  'access.action_first_use',
  'access_key.new_service',
  'access_key.new_region',
  'access_key.new_network',
  'access_key.new_address',
] as const;
export type AccessChangeType = (typeof ACCESS_CHANGE_TYPES)[number];

/** All of them, each once. */
export const EVERY_CHANGE_TYPE: readonly string[] = [...new Set<string>([...CHANGE_TYPES, ...ACCESS_CHANGE_TYPES])];

/** Of `access` events. */
export const ACCESS_TYPES = ['access.identity', 'access.service', 'access.key', 'access.key_service'] as const;

export const FINDING_TYPES = ['finding.opened', 'finding.closed', 'finding.baseline', 'finding.open'] as const;
export type FindingType = (typeof FINDING_TYPES)[number];

export const HEALTH_STATES = ['failing', 'late', 'quarantined', 'held', 'left', 'recovered'] as const;
export type HealthState = (typeof HEALTH_STATES)[number];
