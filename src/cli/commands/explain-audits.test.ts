import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeDeployment } from '../../../test/kit/archived.ts';
import { auditStage } from '../../../test/kit/audit-stage.ts';
import { access, address, anIdentity, keyUse, used } from '../../../test/kit/audits.ts';
import { cliIo } from '../../../test/kit/cli-io.ts';
import { temporaryFolder } from '../../../test/kit/folder.ts';
import { HOUR } from '../../../test/kit/records.ts';
import type { Event } from '../../domain/event.ts';
import { events } from './events.ts';
import { explain } from './explain.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let told: readonly Event[];
const given = auditStage();

beforeAll(async () => {
  folder = await temporaryFolder();
  const role = anIdentity('alice', { kind: 'role' });
  const admin = { grantedBy: [{ policy: 'Admin', via: 'group:ops' }] };
  await given.access([
    access('alice', 's3', { ...used(HOUR), ...admin }),
    access('alice', 'ec2'),
    access('alice', 's3', { identity: role }),
  ]);
  await given.access([
    access('alice', 's3', { ...used(HOUR), ...admin }),
    access('alice', 'ec2', used(HOUR)),
    access('bob', 'iam', { grantedBy: [{ policy: 'Old' }] }),
  ]);
  await given.keys([keyUse('AKIAALICE', 'key'), address('AKIAALICE', '203.0.113.7'), keyUse('AKIAOTHER', 'key')]);
  await writeDeployment(given, folder.path, 'archive: ./archive\naccounts: []\nsinks: []\n');
  const io = cliIo(folder.path, given.clock);
  await events.run([], io);
  told = io.said.out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Event);
});

afterAll(() => folder.remove());

async function rowsOf(isIt: (event: Event) => boolean): Promise<{ readonly now: unknown; readonly before: unknown }> {
  const event = told.find(isIt);
  const io = cliIo(folder.path, given.clock);
  expect(await explain.run([event?.id ?? 'none', '--json'], io)).toBe(0);
  const { report, base } = JSON.parse(io.said.out) as Record<'report' | 'base', { readonly row: unknown }>;
  return { now: report.row, before: base.row };
}

test('access to a service has its row of this identity and no other, then and before', async () => {
  const isIt = ({ type, data, identity, report }: Event) =>
    type === 'access.service' && data?.['service'] === 's3' && identity?.kind === 'user' && report.number === 2;

  const { now, before } = await rowsOf(isIt);

  expect(now).toEqual([expect.stringMatching(/^service=s3 granted=TRUE granted_by=Admin via group:ops /)]);
  expect(before).toEqual(now);
});

test('a change of an audit has the rows of both reports', async () => {
  const { now, before } = await rowsOf(({ type }) => type === 'access.first_use');

  expect(now).toEqual([expect.stringContaining('service=ec2')]);
  expect(before).toEqual([expect.stringContaining('last_used_at=never')]);
});

test('a finding about a policy has the rows that it gives', async () => {
  const { now, before } = await rowsOf(({ check }) => check?.id === 'policy.unused');

  expect(now).toEqual([expect.stringContaining('service=iam granted=TRUE granted_by=Old')]);
  expect(before).toBe('not in this report');
});

test('the use of a key has all rows of that key', async () => {
  const { now } = await rowsOf(({ type, credential }) => type === 'access.key' && credential?.id === 'AKIAALICE');

  expect(now).toEqual([expect.stringContaining('what=key'), expect.stringContaining('name=203.0.113.7')]);
});

test('every event of an audit has rows, then or before', async () => {
  for (const { id } of told) {
    const { now, before } = await rowsOf((event) => event.id === id);
    expect([now, before].filter((row) => row !== 'not in this report' && row !== undefined)).not.toEqual([]);
  }
}, 20_000);
