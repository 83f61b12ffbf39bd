import type { Coverage, CoverageList } from '../domain/coverage.ts';
import { COVERAGE_PART } from '../domain/coverage.ts';
import type { Event } from '../domain/event.ts';
import { Fault } from '../domain/fault.ts';
import { parseInstant } from '../domain/instant.ts';
import type { LoadedReport } from '../domain/loaded.ts';
import { printable } from './message.ts';
import type { Pair } from './pair.ts';
import { eventOf } from './pair.ts';
import { severityOfCoverage } from './severity.ts';

/** One `account.status` for every account of the list, whatever the list before said: what is missing here is known to nobody. */
export function coverageEvents(pair: Pair): readonly Event[] {
  return listIn(pair.current).accounts.map((one) => statusEvent(pair, one));
}

function listIn({ parts, entry }: LoadedReport): CoverageList {
  const bytes = parts.get(COVERAGE_PART);
  if (bytes === undefined) {
    throw new Fault('malformed', `report ${entry.number} of ${entry.source} has no ${COVERAGE_PART}`);
  }
  return JSON.parse(new TextDecoder().decode(bytes)) as CoverageList; // our own part, its digest was checked
}

function statusEvent(pair: Pair, coverage: Coverage): Event {
  const { provider, account_id: id, name, labels = {}, state, why, ...rest } = coverage;
  const reason = why.length === 0 ? '' : `: ${why.join('; ')}`;
  return eventOf(pair, {
    kind: 'health',
    facts: { type: 'account.status', identity: [provider, id] },
    severity: severityOfCoverage(state),
    message: printable(`account ${name} (${provider}/${id}) is ${state}${reason}`),
    account: { provider, id, name, labels },
    data: { state, why, ...ageOf(pair, coverage), ...rest, window: pair.window },
  });
}

/** Of its newest report, when the list was made. */
function ageOf({ current }: Pair, { generated_at: at }: Coverage): { readonly age_seconds?: number } {
  const generatedAt = at === undefined ? undefined : parseInstant(at);
  return generatedAt === undefined
    ? {}
    : { age_seconds: Math.round((current.entry.generatedAt - generatedAt) / 1_000) };
}
