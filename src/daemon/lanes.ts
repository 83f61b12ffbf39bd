import { collectsFrom, type Duties, scopeOf } from '../domain/duties.ts';
import { providers } from '../providers/registry.ts';

/** The lanes that a process with these duties works on. */
export function lanesOf(duties: Duties): readonly string[] {
  const scope = scopeOf(duties);
  return [
    scope === undefined ? 'plan' : `plan-${scope}`,
    ...providers.filter(({ name }) => collectsFrom(duties, name)).map(({ name }) => `collect-${name}`),
    ...(duties.delivers ? ['deliver'] : []),
  ];
}
