import { expect, test } from 'vitest';
import { access, accessAudit, anIdentity, unread, used } from '../../../../test/kit/audits.ts';
import { DAY, HOUR, known, NEVER, T0, UNKNOWN, UNSUPPORTED } from '../../../../test/kit/records.ts';
import type { ServiceAccess } from '../../../domain/access.ts';
import type { LoadedReport } from '../../../domain/loaded.ts';
import type { Rules } from '../../../domain/rules.ts';
import { derive } from '../../derive.ts';
import { policyUnused } from './policy-unused.ts';
import { userPermissionsStale } from './user-permissions-stale.ts';

type Rows = readonly ServiceAccess[];

const BOTH: Rules = { 'user.permissions.stale': userPermissionsStale.defaults, 'policy.unused': policyUnused.defaults };
const rulesOf = (days: number): Rules => ({
  ...BOTH,
  'user.permissions.stale': { ...userPermissionsStale.defaults, thresholds: { unused_days: days } },
});

function open({ findings }: LoadedReport): readonly string[] {
  return findings.open.map(({ check, identity, policy, status }) =>
    [check, identity.name, policy, status].filter((word) => word !== undefined).join(' '),
  );
}

const judged = (rows: Rows, rules = BOTH) => open(accessAudit(rows, { rules }));
const STALE = ['user.permissions.stale alice fail'];
const s3 = (changes: Partial<ServiceAccess> = {}) => access('alice', 's3', changes);

test.each<[string, Rows, readonly string[]]>([
  ['never used', [s3()], STALE],
  ['used 89 days ago', [s3(used(89 * DAY))], []],
  ['used 90 days ago, less a millisecond', [s3(used(90 * DAY - 1))], []],
  ['used 90 days ago', [s3(used(90 * DAY))], STALE],
  ['one of two not used', [s3(), access('alice', 'ec2', used(HOUR))], STALE],
  ['not granted any more', [s3({ granted: known(false) })], []],
  ['not told whether it is granted', [s3({ granted: UNKNOWN })], []],
  ['not told whether it was used', [s3({ lastUsedAt: UNKNOWN })], []],
  ['tracked for 89 days', [s3({ trackedSince: known(T0 - 89 * DAY) })], []],
  ['tracked since nobody knows', [s3({ trackedSince: UNKNOWN })], []],
  ['used long ago, and nobody knows of later uses', [s3({ ...used(200 * DAY), trackedSince: UNKNOWN })], []],
  [
    'an action used long ago, of a service not told of',
    [s3({ lastUsedAt: UNKNOWN }), s3({ action: 'Get', ...used(200 * DAY) })],
    [],
  ],
  ['tracking does not apply', [s3({ trackedSince: UNSUPPORTED })], STALE],
  ['made 89 days ago', [s3({ identity: anIdentity('alice', { createdAt: known(T0 - 89 * DAY) }) })], []],
  ['made nobody knows when', [s3({ identity: anIdentity('alice', { createdAt: UNKNOWN }) })], []],
  ['only an action used lately', [s3(), s3({ action: 'CreateBucket', ...used(HOUR) })], []],
  ['an action that is not used, of a service that is', [s3(used(HOUR)), s3({ action: 'CreateBucket' })], []],
  ['a role', [s3({ identity: anIdentity('alice', { kind: 'role' }) })], STALE],
  ['the root', [s3({ identity: anIdentity('root', { kind: 'root' }) })], []],
  ['nothing is granted', [access('alice', '', { lastUsedAt: NEVER, why: ['no policy'] })], []],
  ['not all could be read, and what could is unused', [s3(), unread('alice')], STALE],
])('user.permissions.stale: %s', (_, rows, expected) => {
  expect(judged(rows)).toEqual(expected);
});

test('how long is too long is a threshold', () => {
  expect(judged([s3(used(31 * DAY))], rulesOf(30))).toEqual(STALE);
});

test('what was granted since the report before has 90 days from then on', () => {
  const first = accessAudit([access('alice', 'ec2', used(HOUR))], { rules: BOTH });
  const granted = [access('alice', 'ec2', { lastUsedAt: known(T0 + 80 * DAY) }), s3()];
  const second = accessAudit(granted, { rules: BOTH, previous: first });
  const third = accessAudit(granted, { rules: BOTH, previous: second, generatedAt: T0 + 91 * DAY });

  expect([open(second), open(third)]).toEqual([[], STALE]);
});

test('what is not told keeps a finding open, what is used or gone closes it', () => {
  const first = accessAudit([s3()], { rules: BOTH });
  const next = (rows: Rows) => accessAudit(rows, { rules: BOTH, previous: first });

  expect(open(next([unread('alice')]))).toEqual(['user.permissions.stale alice unknown']);
  expect(open(next([s3({ lastUsedAt: UNKNOWN })]))).toEqual(['user.permissions.stale alice unknown']);
  expect(open(next([s3(used(HOUR))]))).toEqual([]);
  expect(open(next([access('bob', 'ec2', used(HOUR))]))).toEqual([]);
});

test('an id outlives a creation time that is not told', () => {
  const nameless = s3({ identity: anIdentity('alice', { createdAt: UNKNOWN }), lastUsedAt: known(T0 - 200 * DAY) });
  const reports = [s3(), nameless, s3(), nameless].reduce<LoadedReport[]>(
    (all, row) => [...all, accessAudit([row], { rules: BOTH, previous: all.at(-1) })],
    [],
  );

  expect(new Set(reports.flatMap(({ findings }) => findings.open.map(({ id }) => id))).size).toBe(1);
});

const own = { grantedBy: [{ policy: 'ReadLogs' }] };
const group = { grantedBy: [{ policy: 'Build', via: 'group:builders' }] };
const bob = (service: string, changes: Partial<ServiceAccess>) => access('bob', service, changes);

test.each<[string, Rows, readonly string[]]>([
  ['its one service unused', [s3(own)], ['policy.unused alice ReadLogs fail']],
  ['one of its services used', [s3(own), access('alice', 'logs', { ...own, ...used(HOUR) })], []],
  ['of one service it is not told', [s3(own), access('alice', 'logs', { ...own, lastUsedAt: UNKNOWN })], []],
  ['not all could be read', [s3(own), unread('alice')], []],
  ['of another service no policy is told', [s3(own), access('alice', 'ec2', used(HOUR))], []],
  ['used by nobody in the group', [s3(group), bob('ec2', group)], ['policy.unused builders Build fail']],
  ['used by one of the group', [s3(group), bob('ec2', { ...group, ...used(HOUR) })], []],
  ['of one of the group not all could be read', [s3(group), bob('ec2', group), unread('bob')], []],
  ['used, and of two policies', [s3({ ...used(HOUR), grantedBy: [...own.grantedBy, ...group.grantedBy] })], []],
])('policy.unused: %s', (_, rows, expected) => {
  expect(judged(rows).filter((line) => line.startsWith('policy'))).toEqual(expected);
});

test('a policy whose owner could not be read stays open', () => {
  const first = accessAudit([s3(own), bob('ec2', group)], { rules: BOTH });
  const next = (rows: Rows) =>
    open(accessAudit(rows, { rules: BOTH, previous: first })).filter((line) => line.startsWith('policy'));

  expect(next([unread('alice'), bob('ec2', group)]).toSorted()).toEqual([
    'policy.unused alice ReadLogs unknown',
    'policy.unused builders Build fail',
  ]);
  expect(next([s3(own), unread('bob')]).toSorted()).toEqual([
    'policy.unused alice ReadLogs fail',
    'policy.unused builders Build unknown',
  ]);
  expect(next([])).toEqual([]);
});

test('a policy stays open where nobody may ask for policies any more', () => {
  const first = accessAudit([s3(own), bob('ec2', group)], { rules: BOTH });
  const next = accessAudit([s3(), bob('ec2', {})], { rules: BOTH, previous: first });

  expect(
    open(next)
      .filter((line) => line.startsWith('policy'))
      .toSorted(),
  ).toEqual(['policy.unused alice ReadLogs unknown', 'policy.unused builders Build unknown']);
});

test('an action of which the cloud does not say whether it is granted is denied too when it is not used', () => {
  const untold = { granted: UNKNOWN };
  const rows = [
    s3(used(HOUR)),
    s3({ action: 'CreateBucket', ...untold, ...used(HOUR) }),
    s3({ action: 'DeleteBucket', ...untold }),
    access('alice', 'ec2'),
  ];
  const [finding] = derive(undefined, accessAudit(rows, { rules: BOTH })).map(({ event }) => event);

  expect(finding?.data).toMatchObject({
    unused_actions: ['s3:DeleteBucket'],
    proposal: { document: { Statement: [{ Effect: 'Deny', Action: ['ec2:*', 's3:DeleteBucket'] }] } },
  });
});

test('an exception closes a finding, and when it is over the same finding opens again', () => {
  const exception = { owner: 'security', reason: 'moves in spring', until: '2026-12-31', identities: ['alice'] };
  const first = accessAudit([s3()], { rules: BOTH });
  const second = accessAudit([s3()], { rules: BOTH, previous: first, exceptions: [exception] });
  const third = accessAudit([s3()], { rules: BOTH, previous: second });
  const told = (before: LoadedReport, after: LoadedReport) =>
    derive(before, after).flatMap(({ event }) =>
      event.kind === 'finding' ? [`${event.type} ${event.cause} ${event.finding_id}`] : [],
    );
  const id = first.findings.open[0]!.id;

  expect(open(second)).toEqual([]);
  expect(told(first, second)).toEqual([`finding.closed exception ${id}`]);
  expect(told(second, third)).toEqual([`finding.opened exception ${id}`]);
  expect(third.findings.open[0]?.since).toBe(first.findings.open[0]?.since);
});

test('a finding says what is unused, and proposes a policy that denies it and a smaller one', () => {
  const rows = [
    s3(used(HOUR)),
    s3({ action: 'CreateBucket', ...used(HOUR) }),
    s3({ action: 'DeleteBucket' }),
    access('alice', 'ec2', used(HOUR)),
    access('alice', 'sqs', used(HOUR)),
    access('alice', 'sqs', { action: 'SendMessage', ...used(3 * HOUR) }),
    access('alice', 'iam', own),
  ].map((row) => (row.grantedBy.length > 0 ? row : { ...row, grantedBy: [{ policy: 'Work' }] }));
  const events = derive(undefined, accessAudit(rows, { rules: BOTH })).map(({ event }) => event);

  expect(events.find(({ check }) => check?.id === 'user.permissions.stale')?.data).toEqual({
    verdict: 'fail',
    since: '2026-09-11T12:00:00Z',
    granted_services: 4,
    unused_days: 90,
    unused_services: ['iam'],
    unused_actions: ['s3:DeleteBucket'],
    proposal: {
      document: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Deny', Action: ['iam:*', 's3:DeleteBucket'], Resource: '*' }],
      },
      note: 'a proposal: attached beside the present policies it denies what was not seen in use, whoever gives it, and gives nothing; read it before you use it',
      leaves_out: [],
      smaller_policy: {
        document: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: ['ec2:*', 's3:CreateBucket', 'sqs:*'], Resource: '*' }],
        },
        leaves_out: [
          'resources and conditions: it allows all',
          'uses that the cloud does not record',
          'allowed whole, as not all used actions are told: ec2, sqs',
        ],
      },
    },
    window: { until: '2026-09-11T12:00:00Z' },
  });
  expect(events.find(({ check }) => check?.id === 'policy.unused')).toMatchObject({
    message: 'finding open for alice in prod (ReadLogs): Nothing that a policy grants is used',
    data: { policy: 'ReadLogs', unused_services: ['iam'] },
  });
});
