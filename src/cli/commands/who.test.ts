import { beforeAll, expect, test } from 'vitest';
import { type AuditStage, auditStage } from '../../../test/kit/audit-stage.ts';
import { access, address, anIdentity, keyUse, used } from '../../../test/kit/audits.ts';
import { cliIo } from '../../../test/kit/cli-io.ts';
import { HOUR, known, NEVER } from '../../../test/kit/records.ts';
import { AWS_SOURCE, csvOf, rawReport } from '../../../test/kit/stage.ts';
import type { Session } from '../session.ts';
import { compare } from '../who/timeline.ts';
import { whoIs } from './who.ts';

let given: AuditStage;

/** The keys that `csvOf` makes: a second after their owner. */
const CREATED = Date.UTC(2026, 0, 1, 0, 0, 1);
const mine = { key: { id: 'AKIAALICE', createdAt: known(CREATED), active: known(true) } };

beforeAll(async () => {
  given = auditStage();
  await given.collect(AWS_SOURCE, rawReport(given.clock.now(), csvOf(['bob'])));
  await given.collect(AWS_SOURCE, rawReport(given.clock.now(), csvOf(['alice', 'bob'])));
  await given.keys([keyUse('AKIAALICE', 'key', mine), address('AKIAALICE', '203.0.113.7', mine)]);
  await given.keys([keyUse('AKIAALICE', 'key', mine), address('AKIAALICE', '198.51.100.1', mine)]);
  const role = anIdentity('alice', { kind: 'role' });
  await given.access([
    access('alice', 's3', { ...used(HOUR), grantedBy: [{ policy: 'Admin', via: 'group:ops' }] }),
    access('alice', 'ec2', { identity: role, lastUsedAt: NEVER }),
    access('carol', 'ec2'),
  ]);
  await given.access([access('alice', 's3'), access('alice', 'ec2', { identity: role })]);
});

async function who(text: string, more: { json?: boolean; sources?: readonly string[]; stage?: AuditStage } = {}) {
  const io = cliIo('.', given.clock);
  const { stage } = more.stage ?? given;
  const session = { stage, archive: stage.archive } as Session;
  const looking = {
    sources: more.sources ?? [],
    period: { since: undefined, until: undefined },
    onDamage: (error: unknown) => {
      throw error;
    },
    progress: io.progress,
  };
  const code = await whoIs(text, session, io, looking, more.json === true);
  return { code, ...io.said };
}

test("a key's story is told in time order, across credential reports, key use and findings", async () => {
  const { code, out } = await who('AKIAALICE');

  expect(code).toBe(0);
  const [head, ...lines] = out.trimEnd().split('\n');
  expect(head).toBe(
    'access key AKIAALICE of user alice (arn:aws:iam::123456789012:user/alice) in prod (aws/123456789012)',
  );
  const times = lines.map((line) => line.slice(0, 20)).filter((time) => /^\d{4}-/.test(time));
  expect(times).toEqual(times.toSorted());
  for (const told of [
    'access_key.created',
    'access.key ',
    'access_key.new_network',
    'finding.',
    'user.key.too_old',
    'last use of address 198.51.100.1, by AKIAALICE',
  ]) {
    expect(out).toContain(told);
  }
  expect(out).not.toContain('user/bob');
});

test('an identity is found by its name or its id, and its permissions are told', async () => {
  const { code, out } = await who('arn:aws:iam::123456789012:user/alice');

  expect(code).toBe(0);
  expect(out).toContain('user.created');
  expect(out).toContain('last use of address 198.51.100.1, by AKIAALICE');
  expect(out).toMatch(/access\.service +- +s3: last used .*, granted by Admin via group:ops +access-audit 1/);
});

test('the creation of a key that was there before the first report is told', async () => {
  const old = auditStage();
  await old.keys([keyUse('AKIAOLD', 'key', { count: known(1) })]);

  const { out } = await who('AKIAOLD', { stage: old });

  expect(out.split('\n')[4]).toMatch(/^2026-\S+ +created +- +before the first report +-$/);
  expect(out).toContain('last use of key AKIAOLD, once');
});

test('JSON is the subject, what is open and the events themselves', async () => {
  const { out } = await who('AKIAALICE', { json: true });
  const told = JSON.parse(out);

  expect(Object.keys(told)).toEqual(['subject', 'in_newest', 'open_findings', 'uses', 'events']);
  expect(told.subject).toMatchObject({ provider: 'aws', account: 'prod', key: { id: 'AKIAALICE' } });
  expect(told.open_findings.map(({ check }: { check: string }) => check)).toContain('user.key.too_old');
  expect(told.events.map(({ type }: { type: string }) => type)).toContain('access_key.new_network');
});

test('one who is gone is found in older reports, and it is said that newer ones do not tell of it', async () => {
  const { out } = await who('carol');

  expect(out).toContain('user carol');
  expect(out.split('\n')[1]).toBe('the newest reports do not tell of it: what follows is what older ones told');
  expect(JSON.parse((await who('carol', { json: true })).out)).toMatchObject({ in_newest: false });
  expect(JSON.parse((await who('AKIAALICE', { json: true })).out)).toMatchObject({ in_newest: true });
});

test('capitals do not count where nothing is named exactly so, and the root may be called root', async () => {
  expect((await who('akiaalice')).out).toContain('access key AKIAALICE of user alice');
  expect((await who('ROOT')).out).toContain('root <root_account>');
  const twins = auditStage();
  await twins.access([access('Bob', 's3'), access('bob', 'ec2')]);

  expect((await who('bob', { stage: twins })).out).toContain('user bob (');
  expect((await who('BOB', { stage: twins })).err).toContain('2 have this name');
});

test('of an identity with several keys each line says which key it is about', async () => {
  const { out } = await who('arn:aws:iam::123456789012:user/alice');

  expect(out).toMatch(/access\.key +- +AKIAALICE: last used/);
});

test('nobody and several are said, and nothing is guessed', async () => {
  expect(await who('mallory')).toMatchObject({
    code: 1,
    out: '',
    err: 'no report in the archive knows a key or an identity "mallory"\n',
  });
  const several = await who('alice');
  expect(several).toMatchObject({ code: 1, out: '' });
  expect(several.err).toMatch(/^2 have this name: give the id[^]*user alice[^]*role alice/);
  expect((await who('alice', { sources: ['aws/123456789012/key-audit'] })).code).toBe(0);
});

test('a name cannot forge a line', async () => {
  expect((await who('a\n\u001b[31mb')).err.split('\n')).toHaveLength(2);
});

test('a whole second comes before its parts', () => {
  expect(compare('2026-11-20T14:15:55Z', '2026-11-20T14:15:55.963Z')).toBeLessThan(0);
  expect(compare('2026-11-20T14:15:55Z', '2026-11-20T14:15:55.000Z')).toBe(0);
});
