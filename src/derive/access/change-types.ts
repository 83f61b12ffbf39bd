import { type AccessChangeType, CHANGE_TYPES, type ChangeType } from '../../domain/event-types.ts';
import type { Severity } from '../../domain/rules.ts';
import { CHANGE_DEFAULTS, severityOfChange } from '../severity.ts';

/** Of those that a credential report does not tell too. */
const SEVERITIES: Readonly<Record<Exclude<AccessChangeType, ChangeType>, Severity>> = {
  'access.first_use': 'low',
  'access.action_first_use': 'informational',
  'access_key.new_network': 'medium',
  'access_key.new_address': 'informational',
};

/** Whatever the root does first is worth a look. */
export function severityOfAccess(type: AccessChangeType, identityKind: string, rules = CHANGE_DEFAULTS): Severity {
  if (isShared(type)) return severityOfChange(type, identityKind, rules);
  const isRoot = identityKind === 'root';
  const table = isRoot ? rules.root_severity : rules.severity;
  const chosen = Object.hasOwn(table, type) ? table[type] : undefined;
  return chosen ?? (isRoot ? 'high' : SEVERITIES[type]);
}

const SHARED: ReadonlySet<string> = new Set(CHANGE_TYPES);

function isShared(type: AccessChangeType): type is AccessChangeType & ChangeType {
  return SHARED.has(type);
}

export const PHRASES: Readonly<Record<AccessChangeType, string>> = {
  'access.first_use': 'first use of',
  'access.action_first_use': 'first use of actions of',
  'access_key.new_service': 'access key used for a new service:',
  'access_key.new_region': 'access key used in a new region:',
  'access_key.new_network': 'access key used from a new network:',
  'access_key.new_address': 'access key used from a new address:',
};
