import { expect, test } from 'vitest';
import { archiveUsers, spoilHead } from '../../../test/kit/archived.ts';
import { testStage } from '../../../test/kit/stage.ts';
import { Secret } from '../../kit/secret.ts';
import { aws } from '../../providers/aws/index.ts';
import { examineOwnKeys } from './own-keys.ts';

test('where a newest report is damaged, the age of its keys is not known, and all else is told', async () => {
  const given = testStage();
  await archiveUsers(given, ['alice']);
  await spoilHead(given);
  const key = { access_key_id: 'AKIAIOSFODNN7EXAMPLE', secret_access_key: new Secret('s', '${env:S}') };
  const accounts = given.stage.accounts.map((account) => ({
    ...account,
    settings: aws.settings.parse({ auth: { access_key: key } }),
  }));

  expect(await examineOwnKeys(accounts, given.stage)).toMatchObject([
    { ok: true, text: 'its age is not known: no newest report shows it' },
  ]);
});
