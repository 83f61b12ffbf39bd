import { ALL_DUTIES, COLLECT_ONLY, DELIVER_ONLY, type Duties } from '../domain/duties.ts';
import { UsageError } from './io.ts';
import { oneOf, registries } from './session.ts';

export const DUTY_OPTIONS = { only: { type: 'string' }, provider: { type: 'string', multiple: true } } as const;
export const DUTY_USAGE = `  --only      collect or deliver: the other part is done elsewhere, over the same archive
  --provider  with --only collect: accounts of this cloud only; may be given more than once`;

/** What `--only` and `--provider` ask for. */
export function dutiesOf(values: { readonly only?: string; readonly provider?: readonly string[] }): Duties {
  const only = oneOf('--only', values.only, ['collect', 'deliver']);
  const known = registries.providers.map(({ name }) => name);
  const wanted = (values.provider ?? []).map((text) => oneOf('--provider', text, known) ?? text);
  if (wanted.length > 0 && only !== 'collect')
    throw new UsageError('--provider belongs to --only collect: what was collected is delivered whatever its cloud');
  if (only === 'deliver') return DELIVER_ONLY;
  if (only === 'collect')
    return wanted.length === 0 ? COLLECT_ONLY : { ...COLLECT_ONLY, collects: [...new Set(wanted)] };
  return ALL_DUTIES;
}
