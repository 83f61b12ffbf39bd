import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { derive } from '../../src/derive/derive.ts';
import type { Event } from '../../src/domain/event.ts';
import type { LoadedReport } from '../../src/domain/loaded.ts';
import type { CredentialRecord } from '../../src/domain/record.ts';
import type { ParsedReport } from '../../src/domain/report.ts';
import { ocsf } from '../../src/formats/ocsf/ocsf.ts';
import { recover } from '../../src/formats/ocsf/recover.ts';
import { formats } from '../../src/formats/registry.ts';
import { atOnce } from '../../src/kit/steps.ts';
import { providers } from '../../src/providers/registry.ts';
import { writeCredentialReport } from '../../src/simulator/aws/credential-report.ts';
import { seedAccounts, seedHub } from '../../src/simulator/aws/seed-world.ts';
import { step } from '../../src/simulator/aws/step.ts';
import { createWorld } from '../../src/simulator/aws/world.ts';
import { seededRandom } from '../../src/simulator/random.ts';
import { simulatedClock } from '../../src/simulator/simulated-clock.ts';
import { HAS_OCSF_SCHEMAS, ocsfMistakes } from '../kit/ocsf-schemas.ts';
import { DAY, known, loaded } from '../kit/records.ts';

const PROVIDERS = join(import.meta.dirname, '../../src/providers');

const recorded = providers.flatMap(({ name }) =>
  readdirSync(join(PROVIDERS, name, 'fixtures'))
    .filter((file) => file.endsWith('.csv'))
    .map((file) => ({ provider: name, file, bytes: readFileSync(join(PROVIDERS, name, 'fixtures', file)) })),
);

function parse(provider: string, bytes: Uint8Array): ParsedReport {
  const kinds = providers.find(({ name }) => name === provider)!.kinds;
  return atOnce(kinds['credential-report']!.parse(new Map([['report.csv', bytes]])));
}

function report(table: ParsedReport, records: readonly CredentialRecord[], previous?: LoadedReport): LoadedReport {
  const generatedAt = Date.UTC(2026, 10, 20) + (previous === undefined ? 0 : DAY);
  return loaded(records, { parsed: { ...table, records, rows: records.length }, previous, generatedAt });
}

const eventsOf = (previous: LoadedReport | undefined, current: LoadedReport) =>
  derive(previous, current).map(({ event }) => event);

/** The same people a day earlier: some were not there, some had other keys, MFA and passwords. */
function earlier(record: CredentialRecord, index: number): readonly CredentialRecord[] {
  if (index % 4 === 3) return [];
  const accessKeys =
    index % 2 === 0 ? record.accessKeys.slice(1) : record.accessKeys.map((key) => ({ ...key, active: known(false) }));
  return [
    {
      ...record,
      mfa: known(index % 2 === 0),
      accessKeys,
      console: { ...record.console, enabled: known(index % 3 === 0) },
    },
  ];
}

function eventsOfFixture(provider: string, bytes: Uint8Array): readonly Event[] {
  const table = parse(provider, bytes);
  const first = report(table, table.records.flatMap(earlier));
  const second = report(table, table.records, first);
  const third = report(table, table.records.slice(1), second);
  const events = [...eventsOf(undefined, first), ...eventsOf(first, second), ...eventsOf(second, third)];
  return events.map((event) => ({ ...event, account: { ...event.account, provider } }));
}

function hold(events: readonly Event[]): void {
  expect(events.length).toBeGreaterThan(0);
  for (const event of events) {
    const plain = JSON.parse(JSON.stringify(event));
    const text = ocsf.encode(event);
    expect(recover(JSON.parse(text))).toEqual(plain);
    if (HAS_OCSF_SCHEMAS) expect(ocsfMistakes(text)).toEqual([]);
    for (const format of formats) expect(format.encode(event)).not.toMatch(/[\r\n]/);
  }
}

describe(`what clouds write is held by every format${HAS_OCSF_SCHEMAS ? '' : ' (OCSF schemas are absent: skipped)'}`, () => {
  test.each(recorded)('$provider: $file', ({ provider, bytes }) => {
    hold(eventsOfFixture(provider, bytes));
  });

  test('and months of a simulated AWS account', () => {
    const start = Date.UTC(2026, 10, 20);
    const clock = simulatedClock({ now: () => start, delayUntil: () => 0, sleepUntil: () => Promise.resolve() });
    const pace = { cacheWindowMs: 1, buildMs: 1, expireMs: undefined };
    const world = createWorld({ partition: 'aws', seed: 11, clock, pace, hubAccountId: '111122223333' });
    seedHub(world);
    seedAccounts(world, { accounts: [{}], usersPerAccount: 15, roleName: 'r', externalId: 'x' });
    const account = [...world.accounts.values()].find(({ id }) => id !== world.hubAccountId)!;
    const random = seededRandom(5);
    let previous: LoadedReport | undefined;

    for (let day = 0; day < 12; day += 1) {
      for (let steps = 0; steps < 15; steps += 1) step(world, random);
      const table = parse('aws', new TextEncoder().encode(writeCredentialReport(world, account)));
      const current = report(table, table.records, previous);
      hold(eventsOf(previous, current));
      previous = current;
    }
  });
});
