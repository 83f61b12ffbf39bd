import type { Derived, EventKind, FindingPolicy, InventoryPolicy } from '../domain/event.ts';

/** What a sink asked for. */
export interface Selection {
  readonly events: readonly EventKind[];
  readonly inventory: InventoryPolicy;
  /** Without it: `changed+daily`. */
  readonly findings?: FindingPolicy;
}

/** Whether a sink wants this event. The policies change which inventory and which findings are sent, never an id. */
export function selects(policy: Selection, derived: Derived): boolean {
  return policy.events.includes(derived.kind) && isDue(policyOf(policy, derived.kind), derived);
}

/** What is neither inventory, access nor a finding is always both changed and daily. */
function policyOf({ inventory, findings = 'changed+daily' }: Selection, kind: EventKind): InventoryPolicy {
  return kind === 'finding' ? findings : inventory;
}

function isDue(policy: InventoryPolicy, derived: Derived): boolean {
  switch (policy) {
    case 'every':
      return true;
    case 'changed':
      return derived.changed;
    case 'daily':
      return derived.daily;
    case 'changed+daily':
      return derived.changed || derived.daily;
  }
}
