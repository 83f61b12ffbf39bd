import { syntheticReport } from '../../src/cli/estimate/synthetic.ts';
import { completeRules } from '../../src/derive/checks/registry.ts';
import type { Instant } from '../../src/domain/instant.ts';
import type { LoadedReport } from '../../src/domain/loaded.ts';
import type { Rules } from '../../src/domain/rules.ts';

export const CADENCE_MS = 4 * 3_600_000;

/** Raw bytes to a judged report, as collect and load make it, without an archive between. */
export function loadedReport(
  bytes: Uint8Array,
  accountId: string,
  previous: LoadedReport | undefined,
  at: Instant,
  rules: Rules = completeRules({}),
): LoadedReport {
  return syntheticReport(bytes, accountId, at, rules, previous);
}
