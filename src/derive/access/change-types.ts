import type { Severity } from '../../domain/rules.ts';

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

const SEVERITIES: Readonly<Record<AccessChangeType, Severity>> = {
  'access.first_use': 'low',
  'access.action_first_use': 'informational',
  'access_key.new_service': 'low',
  'access_key.new_region': 'medium',
  'access_key.new_network': 'medium',
  'access_key.new_address': 'informational',
};

/** Whatever the root does first is worth a look. */
export function severityOfAccess(type: AccessChangeType, identityKind: string): Severity {
  return identityKind === 'root' ? 'high' : SEVERITIES[type];
}

export const PHRASES: Readonly<Record<AccessChangeType, string>> = {
  'access.first_use': 'first use of',
  'access.action_first_use': 'first use of actions of',
  'access_key.new_service': 'access key used for a new service:',
  'access_key.new_region': 'access key used in a new region:',
  'access_key.new_network': 'access key used from a new network:',
  'access_key.new_address': 'access key used from a new address:',
};
