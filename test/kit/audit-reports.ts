import type { LoadedReport } from '../../src/domain/loaded.ts';
import { access, accessAudit, address, anIdentity, keyAudit, keyUse, unread, used } from './audits.ts';
import { DAY, HOUR, known, NEVER, T0 } from './records.ts';

const ROLE = { identity: anIdentity('deploy', { kind: 'role', uniqueId: 'AROAIOSFODNN7EXAMPLE' }) };
const ADMIN = { grantedBy: [{ policy: 'Admin', via: 'group:ops' }] };

/** Two reports of each kind of audit: everything in them is told of, and between them everything that can change does. */
export function auditReports(): readonly (readonly [LoadedReport, LoadedReport])[] {
  const access1 = accessAudit([
    access('alice', 's3', { ...ADMIN, ...used(HOUR), serviceName: 'Amazon S3' }),
    access('alice', 's3', { action: 'ListAllMyBuckets', ...used(HOUR) }),
    access('alice', 's3', { action: 'CreateBucket' }),
    access('alice', 'ec2', ADMIN),
    access('alice', 'sqs', { grantedBy: [{ policy: 'Queues' }] }),
    access('deploy', 'lambda', ROLE),
    unread('bob'),
  ]);
  const access2 = accessAudit(
    [
      access('alice', 's3', { ...ADMIN, ...used(HOUR), serviceName: 'Amazon S3' }),
      access('alice', 's3', { action: 'ListAllMyBuckets', ...used(HOUR) }),
      access('alice', 's3', { action: 'CreateBucket', ...used(HOUR) }),
      access('alice', 'ec2', { ...ADMIN, ...used(0) }),
      access('deploy', 'lambda', { ...ROLE, ...used(0) }),
    ],
    { previous: access1 },
  );
  const keys1 = keyAudit([...keyRows(), ...places(6)]);
  const again = { lastUsedAt: known(T0 + HOUR), reportedLastUsedAt: known(T0 + HOUR) };
  const keys2 = keyAudit(
    [
      ...keyRows().map((row) => ({ ...row, ...again })),
      address('AKIA1', '198.51.101.9', again),
      address('AKIA1', '2001:db8::1', again),
      address('AKIA1', 'AWS Internal', again),
      keyUse('AKIA1', 'service', { service: 'ec2', region: known('us-east-1'), ...again }),
    ],
    { previous: keys1 },
  );
  return [
    [access1, access2],
    [keys1, keys2],
  ];
}

function keyRows() {
  const late = { lastUsedAt: known(T0 - 2 * DAY) };
  return [
    keyUse('AKIA1', 'key', {
      ...late,
      reportedLastUsedAt: NEVER,
      region: known('eu-central-1'),
      why: ['only management events are seen'],
    }),
    keyUse('AKIA1', 'service', {
      ...late,
      region: known('eu-central-1'),
      count: known(7),
      firstUsedAt: known(T0 - 9 * DAY),
    }),
    keyUse('AKIA1', 'event', { ...late, name: 'CreateBucket', count: known(2) }),
    keyUse('AKIA1', 'resource', { ...late, name: 'logs', type: 'AWS::S3::Bucket' }),
  ];
}

function places(count: number) {
  return Array.from({ length: count }, (_, at) =>
    address('AKIA1', `198.51.${100 + at}.1`, { service: 's3', lastUsedAt: known(T0 - 2 * DAY) }),
  );
}
