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
  const { lists } = defaults;
  const chosen = Object.keys(lists ?? {}).filter((name) => Array.isArray(rest[name]));
  return {
    // A check that goes by names is switched on by naming some.
    enabled: enabled ?? (defaults.enabled || chosen.length > 0),
    severity: severity ?? defaults.severity,
    thresholds: Object.fromEntries(thresholds),
    ...(lists === undefined
      ? {}
      : { lists: { ...lists, ...Object.fromEntries(chosen.map((name) => [name, namesIn(rest[name])])) } }),
  };
}

function namesIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
