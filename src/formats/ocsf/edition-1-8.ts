import type { Edition, OcsfClass, Place } from './edition.ts';

const IAM = { uid: 3, name: 'Identity & Access Management' };
const FINDINGS = { uid: 2, name: 'Findings' };
const APPLICATION = { uid: 6, name: 'Application Activity' };
const DISCOVERY = { uid: 5, name: 'Discovery' };

const FINDING_ACTIVITIES = { 1: 'Create', 2: 'Update', 3: 'Close' };

const USER_INVENTORY: OcsfClass = {
  uid: 5003,
  name: 'User Inventory Info',
  category: DISCOVERY,
  activities: { 1: 'Log', 2: 'Collect' },
};

const ACCOUNT_CHANGE: OcsfClass = {
  uid: 3001,
  name: 'Account Change',
  category: IAM,
  activities: {
    1: 'Create',
    2: 'Enable',
    3: 'Password Change',
    5: 'Disable',
    6: 'Delete',
    10: 'MFA Factor Enable',
    11: 'MFA Factor Disable',
  },
};

const ENTITY_MANAGEMENT: OcsfClass = {
  uid: 3004,
  name: 'Entity Management',
  category: IAM,
  activities: {
    1: 'Create',
    3: 'Update',
    4: 'Delete',
    8: 'Enable',
    9: 'Disable',
  },
};

const COMPLIANCE_FINDING: OcsfClass = {
  uid: 2003,
  name: 'Compliance Finding',
  category: FINDINGS,
  activities: FINDING_ACTIVITIES,
};

const DETECTION_FINDING: OcsfClass = {
  uid: 2004,
  name: 'Detection Finding',
  category: FINDINGS,
  activities: FINDING_ACTIVITIES,
};

const IAM_ANALYSIS_FINDING: OcsfClass = {
  uid: 2008,
  name: 'IAM Analysis Finding',
  category: FINDINGS,
  activities: FINDING_ACTIVITIES,
};

const APPLICATION_LIFECYCLE: OcsfClass = {
  uid: 6002,
  name: 'Application Lifecycle',
  category: APPLICATION,
  activities: { 6: 'Enable', 7: 'Disable', 8: 'Update' },
};

const SCAN_ACTIVITY: OcsfClass = {
  uid: 6007,
  name: 'Scan Activity',
  category: APPLICATION,
  activities: { 2: 'Completed' },
};

const APPLICATION_ERROR: OcsfClass = {
  uid: 6008,
  name: 'Application Error',
  category: APPLICATION,
  activities: { 1: 'General Error' },
};

const user = (activity: number): Place => ({ body: 'user', activity });
const entity = (activity: number): Place => ({ body: 'entity', activity });
const finding = (activity: number): Place => ({ body: 'compliance', activity });
const ACCESSED: Place = { body: 'access', activity: 2 };
const DETECTED: Place = { body: 'detection', activity: 1 };
const FAILED: Place = { body: 'error', activity: 1 };
const LEFT: Place = { body: 'lifecycle', activity: 7 };
const RECOVERED: Place = { body: 'lifecycle', activity: 6 };

/** Released on 18 March 2026. Activity 0 and 99 are not used: every event has a better one. */
export const EDITION_1_8: Edition = {
  version: '1.8.0',
  classes: {
    inventory: USER_INVENTORY,
    access: USER_INVENTORY,
    user: ACCOUNT_CHANGE,
    entity: ENTITY_MANAGEMENT,
    compliance: COMPLIANCE_FINDING,
    analysis: IAM_ANALYSIS_FINDING,
    detection: DETECTION_FINDING,
    scan: SCAN_ACTIVITY,
    lifecycle: APPLICATION_LIFECYCLE,
    error: APPLICATION_ERROR,
  },
  places: {
    'inventory.identity': { body: 'inventory', activity: 2 },
    'access.identity': ACCESSED,
    'access.service': ACCESSED,
    'access.key': ACCESSED,
    'access.key_service': ACCESSED,
    'user.created': user(1),
    'user.deleted': user(6),
    'user.renamed': entity(3),
    'password.changed': user(3),
    'mfa.enabled': user(10),
    'mfa.disabled': user(11),
    'console.enabled': entity(8),
    'console.disabled': entity(9),
    'access_key.created': entity(1),
    'access_key.rotated': entity(3),
    'access_key.activated': entity(8),
    'access_key.deactivated': entity(9),
    'access_key.deleted': entity(4),
    'certificate.created': entity(1),
    'certificate.activated': entity(8),
    'certificate.deactivated': entity(9),
    'certificate.deleted': entity(4),
    'service_credential.created': entity(1),
    'service_credential.activated': entity(8),
    'service_credential.deactivated': entity(9),
    'service_credential.deleted': entity(4),
    'login_protection.enabled': entity(8),
    'login_protection.disabled': entity(9),
    'operation_protection.enabled': entity(8),
    'operation_protection.disabled': entity(9),
    'access_key.first_used': DETECTED,
    'access_key.used_again': DETECTED,
    'access_key.new_region': DETECTED,
    'access_key.new_service': DETECTED,
    'access_key.at_risk': DETECTED,
    'access_key.new_network': DETECTED,
    'access_key.new_address': DETECTED,
    'access.first_use': DETECTED,
    'access.action_first_use': DETECTED,
    'console.first_login': DETECTED,
    'console.login_again': DETECTED,
    'login.abnormal': DETECTED,
    'root.signed_in': DETECTED,
    'root.key_used': DETECTED,
    'finding.opened': finding(1),
    'finding.baseline': finding(1),
    'finding.open': finding(2),
    'finding.closed': finding(3),
    'summary.report': { body: 'scan', activity: 2 },
    'account.status': { body: 'lifecycle', activity: 8 },
  },
  updates: { 'finding.opened': finding(2) },
  verbs: {
    change: {
      created: entity(1),
      deleted: entity(4),
      changed: entity(3),
      renamed: entity(3),
      rotated: entity(3),
      enabled: entity(8),
      disabled: entity(9),
      activated: entity(8),
      deactivated: entity(9),
    },
    health: {
      failing: FAILED,
      late: FAILED,
      quarantined: FAILED,
      held: FAILED,
      left: LEFT,
      recovered: RECOVERED,
    },
  },
  kinds: {
    inventory: { body: 'inventory', activity: 1 },
    access: { body: 'access', activity: 1 },
    change: DETECTED,
    finding: finding(2),
    summary: { body: 'scan', activity: 2 },
    health: FAILED,
  },
  analyses: new Set([
    'user.key.too_old',
    'user.key.unused',
    'user.key.never_used',
    'user.key.inactive_left',
    'user.password.unused',
    'user.password.expired',
    'user.inactive',
    'user.in_use',
    'user.permissions.stale',
    'policy.unused',
    'key.many_places',
  ]),
  attributes: { userResult: 'user_result', entityResult: 'entity_result' },
};
