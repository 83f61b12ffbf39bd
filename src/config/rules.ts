import type { Rule, Rules, Severity } from '../domain/rules.ts';
import type { Registries } from './registries.ts';

interface RuleSettings {
  readonly enabled?: boolean | undefined;
  readonly severity?: Severity | undefined;
  readonly [threshold: string]: unknown;
}

/** Each check's own rule, with what the config changes. */
export function rulesOf(registries: Registries, settings: Readonly<Record<string, RuleSettings | undefined>>): Rules {
  return Object.fromEntries(registries.checks.map(({ id, defaults }) => [id, ruleOf(defaults, settings[id] ?? {})]));
}

function ruleOf(defaults: Rule, { enabled, severity, ...rest }: RuleSettings): Rule {
  const thresholds = Object.entries(defaults.thresholds).map(([name, value]) => {
    const chosen = rest[name];
    return [name, typeof chosen === 'number' ? chosen : value] as const;
  });
  return {
    enabled: enabled ?? defaults.enabled,
    severity: severity ?? defaults.severity,
    thresholds: Object.fromEntries(thresholds),
  };
}
