import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { archiveUsers, writeDeployment } from '../../../test/kit/archived.ts';
import { cliIo } from '../../../test/kit/cli-io.ts';
import { temporaryFolder } from '../../../test/kit/folder.ts';
import { ACCOUNT, testStage } from '../../../test/kit/stage.ts';
import type { Event } from '../../domain/event.ts';
import { events } from './events.ts';
import { explain } from './explain.ts';
import { findings } from './findings.ts';

const given = testStage();
const EXCEPTION = { owner: 'payments', reason: 'moves in March', until: '2999-01-01' };
let folder: Awaited<ReturnType<typeof temporaryFolder>>;

/** The keys of alice and bob are too old; those of bob are accepted from the second report on. */
beforeAll(async () => {
  folder = await temporaryFolder();
  given.clock.move(200 * 86_400_000);
  await archiveUsers(given, ['alice', 'bob']);
  const exceptions = [{ ...EXCEPTION, identities: ['bob'] }];
  await archiveUsers(Object.assign({}, given, { stage: { ...given.stage, exceptions } }), ['alice', 'bob']);
  await writeDeployment(given, folder.path, 'archive: ./archive\naccounts: []\nsinks: []\n');
});

afterAll(() => folder.remove());

async function said(...argv: readonly string[]): Promise<string> {
  const io = cliIo(folder.path, given.clock);
  expect(await findings.run(argv, io)).toBe(0);
  return io.said.out;
}

test('what is accepted for now is listed on its own: by whom, until when and why', async () => {
  const excepted = await said('--excepted', '--check', 'user.key.too_old');
  const open = await said('--check', 'user.key.too_old');

  expect(excepted).toMatch(/^SEVERITY .* ACCEPTED BY +UNTIL +REASON$/m);
  expect(excepted).toMatch(/ bob .* payments +2999-01-01 +moves in March$/m);
  expect(excepted).not.toContain('alice');
  expect(open).not.toContain('bob');
});

test('an exception that nobody is meant by is named', async () => {
  const yaml = `archive: ./archive
accounts: [{ provider: aws, account_id: "${ACCOUNT}", name: prod }]
exceptions:
  - { identities: [bob], owner: payments, reason: r, until: 2999-01-01 }
  - { identities: [bbo], owner: payments, reason: r, until: 2999-01-01 }
`;
  await writeFile(join(folder.path, 'other.yaml'), yaml);
  const io = cliIo(folder.path, given.clock);

  await findings.run(['--excepted', '--config', 'other.yaml'], io);

  expect(io.said.err).toBe(
    'warning: exceptions[1] (payments, until 2999-01-01): no identity in the newest reports is meant by "bbo"\n',
  );
});

test('JSON and CSV have the exception beside the finding', async () => {
  const [row] = JSON.parse(await said('--excepted', '--json', '--check', 'user.key.too_old'));

  expect(row).toMatchObject({ identity: { name: 'bob' }, exception: EXCEPTION });
  expect(parse(await said('--excepted', '--csv', '--check', 'user.key.too_old'), { columns: true })).toMatchObject([
    { exception_owner: 'payments', exception_until: '2999-01-01', exception_reason: 'moves in March' },
  ]);
});

test('nothing that is accepted is said to be nothing', async () => {
  expect(await said('--excepted', '--identity', 'alice')).toBe('nothing is excepted\n');
});

test('explain names the exception that closed a finding', async () => {
  const list = cliIo(folder.path, given.clock);
  await events.run(['--kind', 'finding'], list);
  const told = list.said.out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Event);
  const closed = told.find(({ type, cause }) => type === 'finding.closed' && cause === 'exception');
  const io = cliIo(folder.path, given.clock);

  expect(await explain.run([closed?.id ?? 'none'], io)).toBe(0);
  expect(io.said.out).toContain('exception: accepted by payments until 2999-01-01: moves in March\n');
});
