import { expect, onTestFinished, test } from 'vitest';
import { archiveUsers, writeDeployment } from '../../../test/kit/archived.ts';
import { cliIo } from '../../../test/kit/cli-io.ts';
import { temporaryFolder } from '../../../test/kit/folder.ts';
import { ACCOUNT, AWS_SOURCE, type TestStage, testStage } from '../../../test/kit/stage.ts';
import { Fault } from '../../domain/fault.ts';
import { parseSinkName } from '../../domain/names.ts';
import { noteFault, sourceState } from '../../pipeline/state.ts';
import { status } from './status.ts';

const CONFIG = `archive: ./archive
accounts: [{ provider: aws, account_id: "${ACCOUNT}", name: prod }]
sinks: [{ name: siem, type: file, path: ./events.ndjson }]
`;

async function statusOf(given: TestStage) {
  const folder = await temporaryFolder();
  onTestFinished(() => folder.remove());
  await writeDeployment(given, folder.path, CONFIG);
  const words = cliIo(folder.path, given.clock);
  const code = await status.run([], words);
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
  expect(out).toMatch(/failing \(denied\).*iam:GetCredentialReport is denied/);
});
