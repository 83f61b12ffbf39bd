import type { Derived, EventKind, InventoryPolicy } from '../domain/event.ts';
import { Listing } from './access/listing.ts';
import { Inventory } from './inventory.ts';

/** What a sink asked for. */
export interface Selection {
  readonly events: readonly EventKind[];
  readonly inventory: InventoryPolicy;
}

/** Whether a sink wants this event. The policy changes which inventory is sent, never an id. */
export function selects(policy: Selection, derived: Derived): boolean {
  return policy.events.includes(kindOf(derived)) && isDue(policy.inventory, derived);
}

/** An inventory or access event is made when it is looked at: its kind is known without. */
function kindOf(derived: Derived): EventKind {
  if (derived instanceof Listing) return 'access';
  return derived instanceof Inventory ? 'inventory' : derived.event.kind;
}

/** What is neither inventory nor access is always both changed and daily. */
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
