import { checks, completeRules } from '../../src/derive/checks/registry.ts';
import type { Rules } from '../../src/domain/rules.ts';

/** Every check, also those that are off until somebody wants them. */
export function allRules(): Rules {
  return completeRules(Object.fromEntries(checks.map(({ id, defaults }) => [id, { ...defaults, enabled: true }])));
}
