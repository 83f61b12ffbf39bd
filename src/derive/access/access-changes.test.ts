import { expect, test } from 'vitest';
import { access, accessAudit, anIdentity, unread, used } from '../../../test/kit/audits.ts';
import { DAY, HOUR, known, T0, UNKNOWN } from '../../../test/kit/records.ts';
import type { ServiceAccess } from '../../domain/access.ts';
import type { LoadedReport } from '../../domain/loaded.ts';
import { derive } from '../derive.ts';

type Rows = readonly ServiceAccess[];

/** What each report but the first tells as changed. */
function told(...reports: readonly Rows[]): readonly string[][] {
  let previous: LoadedReport | undefined;
  return reports
    .map((rows) => {
      const current = accessAudit(rows, { previous });
      const changes = derive(previous, current).filter(({ event }) => event.kind === 'change');
      previous = current;
      return changes.map(
        ({ event: { type, identity, after } }) => `${type} ${identity?.name} ${String(after?.['service'])}`,
      );
    })
    .slice(1);
}

const never = access('alice', 's3');
const inUse = access('alice', 's3', used(HOUR));
const untold = access('alice', 's3', { lastUsedAt: UNKNOWN });

test.each<[string, Rows, Rows, string[]]>([
  ['never, then used', [never], [inUse], ['access.first_use alice s3']],
  ['used, then used', [inUse], [inUse], []],
  ['used, then never (out of what is tracked)', [inUse], [never], []],
  ['not told, then used', [untold], [inUse], []],
  ['not listed, then used', [access('alice', 'ec2')], [access('alice', 'ec2'), inUse], ['access.first_use alice s3']],
  ['an identity of which not all was told', [unread('alice')], [inUse], []],
  ['an identity that came into sight', [access('bob', 's3')], [access('bob', 's3'), inUse], []],
  [
    'an identity that was made since',
    [access('bob', 's3')],
    [access('bob', 's3'), { ...inUse, identity: anIdentity('alice', { createdAt: known(T0 + HOUR) }) }],
    ['access.first_use alice s3'],
  ],
  [
    'a name that was given anew',
    [inUse],
    [{ ...inUse, identity: anIdentity('alice', { createdAt: known(T0 + HOUR) }) }],
    ['access.first_use alice s3'],
  ],
])('%s', (_, before, after, expected) => {
  expect(told(before, after)).toEqual([expected]);
});

test('what comes and goes is new once', () => {
  expect(told([never], [inUse], [never], [inUse], [], [inUse])).toEqual([
    ['access.first_use alice s3'],
    [],
    [],
    [],
    [],
  ]);
});

test('a use is not lost when a page could not be read in between', () => {
  expect(told([never], [untold], [inUse])).toEqual([[], ['access.first_use alice s3']]);
  expect(told([never], [unread('alice')], [inUse])).toEqual([[], ['access.first_use alice s3']]);
});

test('what is not told of for more than 400 days is forgotten', () => {
  const first = accessAudit([inUse]);
  const second = accessAudit([access('bob', 's3')], { previous: first, generatedAt: T0 + 401 * DAY });

  expect(new TextDecoder().decode(second.parts.get('access-seen.json'))).not.toContain('alice');
});

const action = (name: string, changes: Partial<ServiceAccess> = {}) =>
  access('alice', 's3', { action: name, ...changes });

test('an action of a service that was used before is told of by itself, all of one service together', () => {
  const before = [inUse, action('ListAllMyBuckets', used(HOUR)), action('CreateBucket'), action('DeleteBucket')];
  const after = [
    inUse,
    action('ListAllMyBuckets', used(HOUR)),
    action('CreateBucket', used(2 * HOUR)),
    action('DeleteBucket', used(HOUR)),
  ];
  const previous = accessAudit(before);
  const [change] = derive(previous, accessAudit(after, { previous })).map(({ event }) => event);

  expect(change).toMatchObject({
    type: 'access.action_first_use',
    severity: 'informational',
    occurred_at: '2026-09-11T10:00:00Z',
    after: { service: 's3', actions: ['CreateBucket', 'DeleteBucket'] },
  });
});

test('actions that are told for the first time are not new', () => {
  expect(told([inUse], [inUse, action('CreateBucket', used(HOUR))])).toEqual([[]]);
  expect(
    told([inUse], [inUse, action('CreateBucket', used(HOUR))], [inUse, action('DeleteBucket', used(HOUR))]),
  ).toEqual([[], ['access.action_first_use alice s3']]);
});

test('without what was seen (an older Muster) the report before itself is what was seen', () => {
  const previous = { ...accessAudit([never]), parts: new Map() };
  const current = accessAudit([inUse], { previous });

  expect(derive(previous, current)[0]?.event.type).toBe('access.first_use');
  expect(derive(previous, current, { baseDamaged: true }).some(({ event }) => event.kind === 'change')).toBe(false);
});

test('the root is weighed more', () => {
  const root = { identity: anIdentity('root', { kind: 'root' }) };
  const previous = accessAudit([{ ...never, ...root }]);

  expect(derive(previous, accessAudit([{ ...inUse, ...root }], { previous }))[0]?.event).toMatchObject({
    severity: 'high',
    message: 'first use of s3 by root in prod',
  });
});
