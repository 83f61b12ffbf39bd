import { parse } from 'csv-parse/sync';
import { beforeAll, expect, test } from 'vitest';
import { type AuditStage, auditStage } from '../../../test/kit/audit-stage.ts';
import { ACCESS_AUDIT, access, anIdentity, unread, used } from '../../../test/kit/audits.ts';
import { cliIo } from '../../../test/kit/cli-io.ts';
import { movableClock } from '../../../test/kit/movable-clock.ts';
import { HOUR, T0 } from '../../../test/kit/records.ts';
import { Fault } from '../../domain/fault.ts';
import type { SourceName } from '../../domain/names.ts';
import type { Session } from '../session.ts';
import { unused, unusedBy } from './unused.ts';

let given: AuditStage;

const ADMIN = { grantedBy: [{ policy: 'Admin', via: 'group:ops' }] };
const FORMULA = '=HYPERLINK("x")';

beforeAll(async () => {
  given = auditStage({ clock: movableClock(T0 + HOUR) });
  await given.access([
    access('alice', 's3', { ...ADMIN, ...used(HOUR) }),
    access('alice', 's3', { ...ADMIN, action: 'CreateBucket', ...used(HOUR) }),
    access('alice', 's3', { ...ADMIN, action: 'DeleteBucket' }),
    access('alice', 'ec2', ADMIN),
    access('deploy', 'sqs', { identity: anIdentity('deploy', { kind: 'role' }), grantedBy: [{ policy: 'Queues' }] }),
    access(FORMULA, 'iam'),
    unread('bob'),
  ]);
});

async function ask(identity: string | undefined, form: 'json' | 'csv' | 'words', stage = given.stage) {
  const io = cliIo('.', given.clock);
  const code = await unusedBy(identity, { stage, archive: stage.archive } as Session, io, [], form);
  return { code, ...io.said };
}

test('services and actions to take away are listed with the policy that grants them', async () => {
  const { code, out } = await ask('alice', 'words');

  expect(code).toBe(0);
  expect(out.replaceAll(/ {2,}/g, '  ')).toBe(
    `ACCOUNT  IDENTITY  SERVICE  ACTION  LAST USED  GRANTED BY
prod  user alice  ec2  (all)  never  Admin via group:ops
prod  user alice  s3  DeleteBucket  never  Admin via group:ops
`,
  );
});

test('where nothing is left unused, it says for how long it looked', async () => {
  const fresh = auditStage({ clock: movableClock(T0 + HOUR) });
  await fresh.access([access('alice', 's3', used(HOUR))]);

  expect((await ask('alice', 'words', fresh.stage)).out).toBe('nothing that is granted was left unused for 90 days\n');
});

test('what nobody can tell is proposed for nothing, and is not called used', async () => {
  const fresh = auditStage({ clock: movableClock(T0 + HOUR) });
  const why = { lastUsedAt: { reason: 'unknown', why: 'no trail' }, lastUsedRegion: { reason: 'unknown' } } as const;
  await fresh.access([access('alice', 's3', why), access('alice', 'sqs', { ...why, why: ['not looked at'] })]);

  const words = await ask('alice', 'words', fresh.stage);
  const [alice] = JSON.parse((await ask('alice', 'json', fresh.stage)).out);

  expect(words.out).toBe(
    `nothing is known to be granted and left unused for 90 days
whether user alice in prod uses 2 services nobody can tell (s3, sqs): no trail; not looked at
`,
  );
  expect(alice).toMatchObject({
    complete: true,
    unused: [],
    not_told: [
      { service: 's3', why: ['no trail'] },
      { service: 'sqs', why: ['no trail', 'not looked at'] },
    ],
    proposal: {
      note: 'nothing is known to be granted and not used',
      leaves_out: ['services of which nobody can tell whether they are used: s3, sqs'],
    },
  });
  expect(alice.proposal).not.toHaveProperty('document');
});

test('of one who is given nothing all is read, though its uses are not told', async () => {
  const fresh = auditStage({ clock: movableClock(T0 + HOUR) });
  await fresh.access([access('alice', '', { granted: { value: false }, lastUsedAt: { reason: 'unknown' } })]);

  expect((await ask('alice', 'words', fresh.stage)).out).toBe('nothing that is granted was left unused for 90 days\n');
});

test('nothing is proposed for one of whom nothing could be read', async () => {
  const [bob] = JSON.parse((await ask('bob', 'json')).out);

  expect(bob).toMatchObject({ complete: false, unused: [], proposal: { leaves_out: [] } });
  expect(bob.proposal).not.toHaveProperty('document');
});

test('an action is listed with the policy that gives this action', async () => {
  const fresh = auditStage({ clock: movableClock(T0 + HOUR) });
  const [reading, writing] = [{ policy: 'Reading' }, { policy: 'Writing' }];
  await fresh.access([
    access('alice', 's3', { grantedBy: [reading, writing], ...used(HOUR) }),
    access('alice', 's3', { grantedBy: [writing], action: 'DeleteBucket' }),
  ]);

  const [alice] = JSON.parse((await ask('alice', 'json', fresh.stage)).out);

  expect(alice.unused).toEqual([
    { service: 's3', action: 'DeleteBucket', last_used_at: 'never', granted_by: ['Writing'] },
  ]);
});

test('a damaged audit hides no other', async () => {
  const { stage } = given;
  const archive = {
    ...stage.archive,
    head: async (source: SourceName) => {
      if (source === ACCESS_AUDIT) throw new Fault('malformed', `${source}: damaged`);
      return stage.archive.head(source);
    },
  };
  const io = cliIo('.', given.clock);

  const code = await unusedBy(undefined, { stage, archive } as unknown as Session, io, [], 'words');

  expect(code).toBe(1);
  expect(io.said.err).toContain('passed over: aws/123456789012/access-audit: damaged');
});

test('all identities are listed, and those of which not all could be read are named', async () => {
  const { out } = await ask(undefined, 'words');

  expect(out).toContain('nothing that a policy grants is used: Queues of role deploy in prod\n');
  expect(out).toContain('not all could be read of bob in prod\n');
});

test('JSON has a proposal for each identity', async () => {
  const [alice] = JSON.parse((await ask('alice', 'json')).out);

  expect(alice).toMatchObject({
    account: 'prod',
    identity: { kind: 'user', name: 'alice' },
    complete: true,
    unused_days: 90,
    unused: [
      { service: 'ec2', last_used_at: 'never' },
      { service: 's3', action: 'DeleteBucket' },
    ],
    proposal: { document: { Statement: [{ Effect: 'Deny', Action: ['ec2:*', 's3:DeleteBucket'] }] } },
  });
});

test('CSV has no cell that a spreadsheet would take for a formula', async () => {
  const { out } = await ask(undefined, 'csv');
  const rows = parse<Record<string, string>>(out, { columns: true });

  expect(rows.map(({ identity_name, service, action }) => [identity_name, service, action])).toEqual([
    ['alice', 'ec2', ''],
    ['alice', 's3', 'DeleteBucket'],
    ['deploy', 'sqs', ''],
    [`'${FORMULA}`, 'iam', ''],
  ]);
});

test('capitals count where two are told apart by them only', async () => {
  expect((await ask('ALICE', 'words')).out).toContain('user alice');
});

test('one who is not known, and an archive without an audit, are said', async () => {
  expect(await ask('mallory', 'words')).toMatchObject({
    code: 1,
    out: '',
    err: 'none of the newest access audits knows a user or role "mallory"\n',
  });
  expect(await ask(undefined, 'words', auditStage().stage)).toMatchObject({
    code: 1,
    err: 'no access-audit is in the archive: add it under "reports" of an account\n',
  });
});

test('wrong use is said before anything is read', async () => {
  await expect(unused.run(['--json', '--csv'], cliIo('.', given.clock))).rejects.toThrow('one of them');
  await expect(unused.run(['a', 'b'], cliIo('.', given.clock))).rejects.toThrow('"b" is not expected here');
});
