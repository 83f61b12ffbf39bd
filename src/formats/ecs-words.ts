import type { Event, EventKind } from '../domain/event.ts';
import type { Severity } from '../domain/rules.ts';

type Words<T> = Readonly<Record<EventKind, T>>;

/** `alert` when a finding is first raised; what is open, or no longer, is a state. */
export const KINDS: Words<(event: Event) => string> = {
  inventory: () => 'asset',
  change: () => 'event',
  finding: ({ type }) => (type === 'finding.opened' ? 'alert' : 'state'),
  access: () => 'asset',
  health: () => 'event',
  summary: () => 'event',
};

/** ECS has no category for what a collector says of itself. */
export const CATEGORIES: Words<string | undefined> = {
  inventory: 'iam',
  change: 'iam',
  finding: 'iam',
  access: 'iam',
  health: undefined,
  summary: undefined,
};

export const TYPES: Words<(event: Event) => readonly string[]> = {
  inventory: () => ['user', 'info'],
  change: ({ type }) => ['user', changeOf(type)],
  finding: () => ['user', 'info'],
  access: () => ['user', 'info'],
  health: () => ['info'],
  summary: () => ['info'],
};

/** Of the user, or of what belongs to it: a new key is a creation. */
function changeOf(type: string): string {
  if (type.endsWith('.created')) return 'creation';
  return type.endsWith('.deleted') ? 'deletion' : 'change';
}

/** 0 to 100, for `event.severity` and `event.risk_score`. */
export const SCORES: Readonly<Record<Severity, number>> = {
  informational: 1,
  low: 21,
  medium: 47,
  high: 73,
  critical: 99,
};

/** `access_key.created` is `access-key-created`; an inventory is just that. */
export function actionOf(type: string): string {
  return type === 'inventory.identity' ? 'inventory' : type.replaceAll(/[._]/g, '-');
}
