import fc from 'fast-check';
import { expect, test } from 'vitest';
import { access, unread } from '../../../test/kit/audits.ts';
import { DAY, HOUR, known, NEVER, T0, UNKNOWN } from '../../../test/kit/records.ts';
import type { ServiceAccess } from '../../domain/access.ts';
import { identitiesIn } from './identities.ts';
import { proposalOf } from './proposal.ts';
import { judgedServices } from './unused.ts';

const use = fc.constantFrom(NEVER, UNKNOWN, known(T0 - HOUR), known(T0 - 89 * DAY), known(T0 - 91 * DAY));
const granted = fc.constantFrom(known(true), known(true), known(false), UNKNOWN);
const name = fc.stringMatching(/^[a-z]{1,12}$/);
const service = fc.tuple(
  name,
  granted,
  use,
  fc.uniqueArray(fc.tuple(name, granted, use), { maxLength: 4, selector: ([action]) => action }),
);
const services = fc.uniqueArray(service, { maxLength: 12, selector: ([one]) => one });

test.each(['aws', 'alibaba', 'tencent'])('%s: only what is granted and unused is denied, and all of it', (provider) => {
  fc.assert(
    fc.property(services, (given) => {
      const { denied, document } = proposed(provider, given.flatMap(rowsOf));

      for (const [one, isGranted, lastUse, actions] of given) {
        const isTaken = denied.includes(`${one}:*`);
        const isUsed = [lastUse, ...actions.map(([, , of]) => of)].some(isLate);
        if (isUsed || !('value' in isGranted) || !isGranted.value || lastUse === UNKNOWN) expect(isTaken).toBe(false);
        for (const [action, , of] of actions)
          if (isLate(of) || of === UNKNOWN) expect(denied).not.toContain(`${one}:${action}`);
        if (isGranted === UNKNOWN || !('value' in isGranted) || !isGranted.value) continue;
        const told = [lastUse, ...actions.map(([, , of]) => of)];
        if (told.every((field) => field !== UNKNOWN && !isLate(field))) expect(isTaken).toBe(true);
      }
      expect(JSON.stringify(document ?? '').toLowerCase()).not.toContain('allow');
    }),
  );
});

test.each(['aws', 'alibaba', 'tencent'])(
  '%s: a smaller policy allows what was used and what nobody can tell, and no more',
  (provider) => {
    fc.assert(
      fc.property(services, (given) => {
        const { denied, allowed, smaller_policy } = proposed(provider, given.flatMap(rowsOf));
        if (smaller_policy === undefined) return;

        expect(JSON.stringify(smaller_policy.document).toLowerCase()).not.toContain('deny');
        expect(allowed.filter((action) => denied.includes(action))).toEqual([]);
        for (const [one, isGranted, lastUse, actions] of given) {
          if ('value' in isGranted && !isGranted.value) continue;
          const isWhole = allowed.includes(`${one}:*`);
          const told = [lastUse, ...actions.map(([, , of]) => of)];
          if (lastUse === UNKNOWN && !told.some(isLate)) expect(isWhole).toBe(!denied.includes(`${one}:*`));
          if (isLate(lastUse)) expect(allowed.some((action) => action.startsWith(`${one}:`))).toBe(true);
          for (const [action, ofAction, of] of actions)
            if (isLate(of) && !('value' in ofAction && !ofAction.value))
              expect(isWhole || allowed.includes(`${one}:${action}`)).toBe(true);
        }
      }),
    );
  },
);

test('an administrator is offered the services that were used, and not everything', () => {
  const used = { lastUsedAt: known(T0 - HOUR) };
  const { allowed, smaller_policy } = proposed('alibaba', [
    access('root', '*', used),
    access('root', 'ecs', used),
    access('root', 'oss'),
    access('root', 'ram', used),
    access('root', 'ram', { action: 'ListUsers', ...used }),
    access('root', 'ram', { action: 'DeleteUser' }),
  ]);

  expect(allowed).toEqual(['ecs:*', 'ram:ListUsers']);
  expect(smaller_policy?.leaves_out).toEqual([
    'resources and conditions: it allows all',
    'uses that the cloud does not record',
    'allowed whole, as not all used actions are told: ecs',
  ]);
});

test.each<[string, readonly ServiceAccess[]]>([
  ['nothing is used', [access('alice', 's3')]],
  ['nothing is unused', [access('alice', 's3', { lastUsedAt: known(T0 - HOUR) })]],
  ['nobody can tell what else is used', [access('alice', 's3'), access('alice', '*', { lastUsedAt: UNKNOWN })]],
  [
    'not all could be read',
    [access('alice', 's3'), access('alice', 'ec2', { lastUsedAt: known(T0) }), unread('alice')],
  ],
])('no smaller policy is proposed where %s', (_, rows) => {
  expect(proposed('aws', rows).smaller_policy).toBeUndefined();
});

test('one policy holds what one may hold: whole services first, and the rest is counted', () => {
  const many = Array.from({ length: 700 }, (_, at) => access('alice', `service-${at}`));
  const used = access('alice', 's3', { lastUsedAt: known(T0) });
  const { document, denied, leaves_out } = proposed('aws', [used, access('alice', 's3', { action: 'Get' }), ...many]);

  expect(JSON.stringify(document).length).toBeLessThanOrEqual(6_144);
  expect(JSON.stringify(document).length).toBeGreaterThan(6_100);
  expect(denied).not.toContain('s3:Get');
  expect(leaves_out).toEqual([`${701 - denied.length} more that one policy cannot hold`]);
});

test('whoever may use everything and uses nothing is denied everything', () => {
  expect(proposed('alibaba', [access('a', '*'), access('a', 'ecs')]).denied).toEqual(['*']);
});

function rowsOf([one, isGranted, lastUsedAt, actions]: typeof service extends fc.Arbitrary<infer T> ? T : never) {
  return [
    access('alice', one, { granted: isGranted, lastUsedAt }),
    ...actions.map(([action, of, at]) => access('alice', one, { action, granted: of, lastUsedAt: at })),
  ];
}

function proposed(provider: string, rows: readonly ServiceAccess[]) {
  const [alice] = identitiesIn(rows);
  const judged = alice === undefined ? [] : judgedServices(alice, { days: 90, generatedAt: T0, seen: undefined });
  const { document, leaves_out, smaller_policy } = proposalOf(provider, judged, alice ?? { isPartial: false });
  return {
    document,
    leaves_out,
    smaller_policy,
    denied: actionsIn(document),
    allowed: actionsIn(smaller_policy?.document),
  };
}

/** As each cloud writes it. */
function actionsIn(document: unknown): readonly string[] {
  if (document === undefined) return [];
  const { Statement, statement } = document as Record<string, { Action?: string[]; action?: string[] }[]>; // read as a cloud does
  return (Statement ?? statement ?? []).flatMap(({ Action, action }) => Action ?? action ?? []);
}

function isLate(field: ServiceAccess['lastUsedAt']): boolean {
  return 'value' in field && field.value > T0 - 90 * DAY;
}
