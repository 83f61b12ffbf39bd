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
  const lists = listsOf(defaults, rest);
  return {
    // A check that goes by names is switched on by naming some.
    enabled: enabled ?? (defaults.enabled || Object.values(lists ?? {}).some((list) => list.length > 0)),
    severity: severity ?? defaults.severity,
    thresholds: Object.fromEntries(thresholds),
    ...(lists === undefined ? {} : { lists }),
  };
}

function listsOf({ lists }: Rule, given: Readonly<Record<string, unknown>>): Rule['lists'] {
  if (lists === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(lists).map(([name, otherwise]) => {
      const chosen = given[name];
      return [name, Array.isArray(chosen) ? chosen.map(String) : otherwise] as const;
    }),
  );
}
