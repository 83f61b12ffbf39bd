import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { accessRows, keyRows } from '../../../test/kit/audit-arbitraries.ts';
import { type AuditChanges, accessAudit, keyAudit } from '../../../test/kit/audits.ts';
import { T0 } from '../../../test/kit/records.ts';
import type { Derived } from '../../domain/event.ts';
import type { LoadedReport } from '../../domain/loaded.ts';
import { derive } from '../derive.ts';
import { auditChecks } from './checks/registry.ts';

const rules = Object.fromEntries(auditChecks.map(({ id, defaults }) => [id, defaults]));
const ids = (derived: readonly Derived[]) => derived.map(({ event }) => event.id).sort();
const textOf = (derived: readonly Derived[]) => derived.map(({ event }) => JSON.stringify(event)).sort();

describe.each([
  ['access-audit', accessRows, accessAudit],
  ['key-audit', keyRows, keyAudit],
] as const)('%s', (_, anyRows, audit) => {
  type Rows = Parameters<typeof audit>[0];
  const rows = anyRows as fc.Arbitrary<Rows>;
  const report = (some: Rows, changes: AuditChanges = {}) =>
    (audit as (rows: Rows, changes: AuditChanges) => LoadedReport)(some, { rules, ...changes });

  test('a report beside itself tells no change and no finding, and nothing in it changed', () => {
    fc.assert(
      fc.property(rows, (some) => {
        const previous = report(some);
        const derived = derive(previous, report(some, { previous, generatedAt: T0 + 1_000 }));

        expect(derived.filter(({ event }) => event.kind === 'change')).toEqual([]);
        expect(derived.filter(({ event }) => event.kind === 'finding')).toEqual([]);
        expect(derived.filter(({ changed }) => changed)).toHaveLength(1);
      }),
    );
  });

  test('the order of rows changes no byte of an event and no decided part', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(rows, rows, (before, after) => {
        const straight = report(before);
        const turned = report(before.toReversed());
        const next = report(after, { previous: straight });
        const turnedNext = report(after.toReversed(), { previous: turned });

        expect(turnedNext.parts).toEqual(next.parts);
        expect(textOf(derive(turned, turnedNext))).toEqual(textOf(derive(straight, next)));
      }),
    );
  });

  test('no two events of a report share an id', () => {
    fc.assert(
      fc.property(rows, rows, (before, after) => {
        const previous = report(before);
        const all = ids(derive(previous, report(after, { previous })));

        expect(new Set(all).size).toBe(all.length);
      }),
    );
  });

  test('the sum of what was sent is what is open, and what is kept of a finding never changes its id', () => {
    fc.assert(
      fc.property(fc.array(rows, { minLength: 1, maxLength: 5 }), (steps) => {
        const open = new Set<string>();
        let previous: LoadedReport | undefined;
        for (const step of steps) {
          const current = report(step, { previous });
          for (const { event } of derive(previous, current)) {
            if (event.finding_id === undefined) continue;
            if (event.status === 'open') open.add(event.finding_id);
            else open.delete(event.finding_id);
          }
          previous = current;

          expect([...open].sort()).toEqual(current.findings.open.map(({ id }) => id).sort());
        }
      }),
    );
  });

  test('what was told as new once is never told as new again', () => {
    fc.assert(
      fc.property(fc.array(rows, { minLength: 2, maxLength: 5 }), (steps) => {
        const told = new Set<string>();
        let previous: LoadedReport | undefined;
        for (const step of steps) {
          const current = report(step, { previous });
          for (const item of derive(previous, current).flatMap(({ event }) => newItems(event))) {
            expect(told).not.toContain(item);
            told.add(item);
          }
          previous = current;
        }
      }),
    );
  });
});

/** Of one creation of a name: one that was given anew begins anew. */
function newItems({ kind, type, identity, credential, after = {} }: Derived['event']): readonly string[] {
  if (kind !== 'change' || credential?.created_at === undefined) return [];
  const values = [after['services'], after['regions'], after['networks'], after['addresses']].flat();
  return values
    .filter((value) => value !== undefined)
    .map((value) => JSON.stringify([type, identity, credential, value]));
}
