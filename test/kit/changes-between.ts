import { derive } from '../../src/derive/derive.ts';
import { CHANGE_DEFAULTS } from '../../src/derive/severity.ts';
import type { Event } from '../../src/domain/event.ts';
import type { CredentialRecord } from '../../src/domain/record.ts';
import type { ChangeRules } from '../../src/domain/rules.ts';
import { loaded } from './records.ts';

type Records = readonly CredentialRecord[];

/** Of a report and the next one. */
export function changesBetween(before: Records, after: Records, rules?: Partial<ChangeRules>): readonly Event[] {
  const previous = loaded(before);
  const changes = rules && { ...CHANGE_DEFAULTS, ...rules };
  const current = loaded(after, { previous, ...(changes === undefined ? {} : { changes }) });
  return derive(previous, current).flatMap(({ event }) => (event.kind === 'change' ? [event] : []));
}
