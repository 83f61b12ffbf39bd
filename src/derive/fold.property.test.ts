import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyTable } from '../../test/kit/any-records.ts';
import { foldReport, type Held, keptOpen, sortedHeld } from '../../test/kit/fold.ts';
import { DAY, HOUR, loaded, T0 } from '../../test/kit/records.ts';
import type { LoadedReport } from '../domain/loaded.ts';
import type { CredentialRecord } from '../domain/record.ts';
import type { Exception, Rules } from '../domain/rules.ts';
import { checks } from './checks/registry.ts';
import { derive } from './derive.ts';

/** What may come between two reports beside what happens in the cloud. */
interface Step {
  readonly records: readonly CredentialRecord[];
  readonly rules: Rules;
  readonly exceptions: readonly Exception[];
  /** Hours since the report before: an account that left may come back after weeks. */
  readonly hours: number;
  /** `quarantine`: the report does not join the chain. `damage`: its base cannot be read. */
  readonly mishap: 'none' | 'quarantine' | 'damage';
  /** What is asked beside the report may be forbidden. */
  readonly isPoor: boolean;
  /** By another release a check means something else under the same name. */
  readonly isRevised: boolean;
}

/** A release without a check is one in which it is not judged. */
const rules: fc.Arbitrary<Rules> = fc
  .tuple(
    fc.array(fc.tuple(fc.boolean(), fc.constantFrom('low' as const, 'critical' as const)), {
      minLength: checks.length,
      maxLength: checks.length,
    }),
    fc.constantFrom(1, 10, 45, 90),
  )
  .map(([all, days]) =>
    Object.fromEntries(
      checks.map(({ id, defaults }, index) => {
        const [enabled, severity] = all[index] ?? [true, 'low'];
        const thresholds = Object.fromEntries(Object.keys(defaults.thresholds).map((name) => [name, days]));
        return [id, { ...defaults, enabled, severity, thresholds }];
      }),
    ),
  );

const names = fc.constantFrom('alice', 'b*', 'root', '*');
const exception: fc.Arbitrary<Exception> = fc
  .record(
    {
      checks: fc.subarray(
        checks.map(({ id }) => id),
        { minLength: 1, maxLength: 4 },
      ),
      identities: fc.array(names, { minLength: 1, maxLength: 2 }),
      labels: fc.constantFrom({ bu: 'retail' }, { bu: 'bank' }),
      days: fc.integer({ min: -1, max: 4 }),
    },
    { requiredKeys: ['days'] },
  )
  .map(({ days, ...scope }) => {
    const until = new Date(T0 + days * DAY).toISOString().slice(0, 10);
    return { owner: 'ops', reason: 'x', until, ...scope };
  });

const step: fc.Arbitrary<Step> = fc.record({
  records: anyTable,
  rules,
  exceptions: fc.array(exception, { maxLength: 3 }),
  hours: fc.constantFrom(4, 5, 20, 24, 24 * 40),
  mishap: fc.constantFrom('none', 'none', 'none', 'none', 'quarantine', 'damage'),
  isPoor: fc.boolean(),
  isRevised: fc.boolean(),
});

test('folding what was delivered gives what is kept, whatever comes between the reports', { timeout: 120_000 }, () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 8 }), (steps) => {
      const held: Held = new Map();
      let previous: LoadedReport | undefined;
      let generatedAt = T0;
      for (const one of steps) {
        generatedAt += one.hours * HOUR;
        if (one.mishap === 'quarantine') continue;
        const current = reportOf(one, previous, generatedAt);
        const derived = derive(previous, current, { baseDamaged: one.mishap === 'damage' && previous !== undefined });
        foldReport(
          held,
          derived.map(({ event }) => event),
        );
        previous = current;

        expect(sortedHeld(held)).toEqual(sortedHeld(keptOpen(current.findings)));
        expectDailyList(
          derived.map(({ event }) => event.type),
          current,
        );
      }
    }),
    { numRuns: 300 },
  );
});

function reportOf(one: Step, previous: LoadedReport | undefined, generatedAt: number): LoadedReport {
  const records = one.isPoor ? one.records.map(withoutBeside) : one.records;
  const before = one.isRevised ? previous && revised(previous) : previous;
  return loaded(records, { previous: before, generatedAt, rules: one.rules, exceptions: one.exceptions });
}

function withoutBeside(record: CredentialRecord): CredentialRecord {
  const { serviceCredentials: _services, ...rest } = record;
  const { uniqueId: _unique, ...identity } = record.identity;
  return { ...rest, identity, accessKeys: record.accessKeys.map(({ id: _id, ...key }) => key) };
}

function revised(report: LoadedReport): LoadedReport {
  const other = Object.fromEntries(Object.keys(report.findings.checks).map((id) => [id, 'another']));
  return { ...report, findings: { ...report.findings, checks: other } };
}

/** A day's first report says of each open finding, once, that it is. */
function expectDailyList(types: readonly string[], { findings }: LoadedReport): void {
  const told = types.filter((type) => ['finding.opened', 'finding.baseline', 'finding.open'].includes(type));
  if (types.includes('finding.open')) expect(told).toHaveLength(findings.open.length);
}
