import { afterAll, beforeAll, expect, test } from 'vitest';
import { archiveUsers, writeDeployment } from '../../../test/kit/archived.ts';
import { cliIo } from '../../../test/kit/cli-io.ts';
import { temporaryFolder } from '../../../test/kit/folder.ts';
import { ACCOUNT, AWS_SOURCE, testStage } from '../../../test/kit/stage.ts';
import { reports } from './reports.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
const given = testStage();

beforeAll(async () => {
  folder = await temporaryFolder();
  await archiveUsers(given, ['alice']);
  const yaml = `archive: ./archive\nhttp: false\naccounts: [{ provider: aws, account_id: "${ACCOUNT}", name: prod }]\nsinks: []\n`;
  await writeDeployment(given, folder.path, yaml);
});

afterAll(() => folder.remove());

test.each([AWS_SOURCE, 'prod/credential-report', `${ACCOUNT}/credential-report`, 'prod'])(
  'a report is found by %s',
  async (where) => {
    const io = cliIo(folder.path, given.clock);

    expect(await reports.run(['cat', where, '1'], io)).toBe(0);

    expect(io.said.out).toContain('alice');
  },
);

test('an account has no report of another kind', async () => {
  const io = cliIo(folder.path, given.clock);

  await expect(reports.run(['cat', 'prod/key-audit'], io)).rejects.toThrow('nothing in the archive is named');
});
