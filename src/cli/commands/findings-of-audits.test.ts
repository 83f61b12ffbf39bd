import { parse } from 'csv-parse/sync';
import { expect, onTestFinished, test } from 'vitest';
import { writeDeployment } from '../../../test/kit/archived.ts';
import { auditStage } from '../../../test/kit/audit-stage.ts';
import { access, anIdentity } from '../../../test/kit/audits.ts';
import { cliIo } from '../../../test/kit/cli-io.ts';
import { temporaryFolder } from '../../../test/kit/folder.ts';
import { findings } from './findings.ts';

test('a finding about a policy says which, and whose it is where that is no user', async () => {
  const given = auditStage();
  const folder = await temporaryFolder();
  onTestFinished(() => folder.remove());
  const role = anIdentity('deploy', { kind: 'role' });
  await given.access([access('deploy', 's3', { identity: role, grantedBy: [{ policy: 'Queues' }] })]);
  await writeDeployment(given, folder.path, 'archive: ./archive\naccounts: []\nsinks: []\n');
  const said = async (...argv: readonly string[]) => {
    const io = cliIo(folder.path, given.clock);
    await findings.run(['--check', 'policy.unused', ...argv], io);
    return io.said.out;
  };

  expect(await said()).toMatch(/^low +policy\.unused +prod +role deploy +Queues +fail /m);
  expect(parse(await said('--csv'), { columns: true })).toMatchObject([{ identity_kind: 'role', policy: 'Queues' }]);
});
