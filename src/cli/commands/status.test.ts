import { expect, onTestFinished, test } from 'vitest';
import { archiveUsers, writeDeployment } from '../../../test/kit/archived.ts';
import { cliIo } from '../../../test/kit/cli-io.ts';
import { temporaryFolder } from '../../../test/kit/folder.ts';
import { ACCOUNT, AWS_SOURCE, type TestStage, testStage } from '../../../test/kit/stage.ts';
import { Fault } from '../../domain/fault.ts';
import { parseSinkName, sourceName } from '../../domain/names.ts';
import { noteFault, sourceState } from '../../pipeline/state.ts';
import { status } from './status.ts';

const CONFIG = `archive: ./archive
accounts: [{ provider: aws, account_id: "${ACCOUNT}", name: prod }]
sinks: [{ name: siem, type: file, path: ./events.ndjson }]
`;

async function statusOf(given: TestStage, config = CONFIG, argv: readonly string[] = []) {
  const folder = await temporaryFolder();
  onTestFinished(() => folder.remove());
  await writeDeployment(given, folder.path, config);
  const words = cliIo(folder.path, given.clock);
  const code = await status.run(argv, words);
  const json = cliIo(folder.path, given.clock);
  await status.run(['--json'], json);
  return { code, out: words.said.out, told: JSON.parse(json.said.out) };
}

/** A report of now: `archiveUsers` lets time pass. */
async function wellStage(): Promise<TestStage> {
  const given = testStage();
  await archiveUsers(given, ['alice']);
  given.clock.move(-4 * 3_600_000);
  return given;
}

test('events that were refused for good are counted, with the command that shows them', async () => {
  const given = await wellStage();
  expect(await statusOf(given)).toMatchObject({ code: 0, told: { sinks: [{ sink: 'siem', dead_letters: 0 }] } });
  const letter = { source: AWS_SOURCE, number: 1, event_id: 'abc', reason: 'bad', rejected_at: 'now', payload: '{}' };
  await given.stage.archive.deadLetter({ ...letter, sink: parseSinkName('siem')! });

  const { code, out, told } = await statusOf(given);

  expect(code).toBe(1);
  expect(out).toContain('sink siem: 1 event was refused for good: muster dead-letters list --sink siem\n');
  expect(told.sinks).toMatchObject([{ state: 'ok', dead_letters: 1 }]);
});

test('a clock that is behind the archive is said', async () => {
  const given = await wellStage();
  given.clock.move(-3 * 3_600_000);

  const { code, out, told } = await statusOf(given);

  expect(code).toBe(1);
  expect(out).toMatch(/^this machine's clock is wrong, .*; set it by NTP$/m);
  expect(told.clock).toContain('set it by NTP');
});

test('of a trouble it tells the newest message and the beginning', async () => {
  const given = await wellStage();
  for (const action of ['iam:GenerateCredentialReport', 'iam:GetCredentialReport'])
    await noteFault(
      given.stage.archive,
      sourceState(AWS_SOURCE),
      new Fault('denied', `${action} is denied`),
      given.clock.now(),
    );

  const { code, out } = await statusOf(given);

  expect(code).toBe(1);
  expect(out).toMatch(/^prod: failing \(denied\) since \S+: iam:GetCredentialReport is denied/m);
});

test('one trouble of many accounts is one line with the first few names; --all and --json have every one', async () => {
  const given = await wellStage();
  const ids = Array.from({ length: 12 }, (_, index) => `3000000000${String(index).padStart(2, '0')}`);
  for (const id of ids) {
    const source = sourceName({ provider: 'aws', accountId: id, kind: 'credential-report' });
    const fault = new Fault('denied', `account ${id}: sts:AssumeRole is denied to hub; allow it`);
    await noteFault(given.stage.archive, sourceState(source), fault, given.clock.now());
  }
  const accounts = ids.map((id) => `{ provider: aws, account_id: "${id}", name: team-${id.slice(-2)} }`);
  const config = CONFIG.replace('}]', `}, ${accounts.join(', ')}]`);

  const { out, told } = await statusOf(given, config);
  const all = (await statusOf(given, config, ['--all'])).out;

  expect(out).toContain('12 sources that have a trouble in common are not listed; --all lists them\n');
  expect(out).toMatch(
    /^team-00, team-01, team-02 and 9 more: failing \(denied\) since \S+: sts:AssumeRole is denied to hub; allow it$/m,
  );
  expect(out.split('\n').length).toBeLessThan(8);
  expect(out).toMatch(/^prod +aws\//m);
  expect(told.sources).toHaveLength(13);
  for (const id of ids) expect(all).toContain(`aws/${id}/credential-report`);
});
