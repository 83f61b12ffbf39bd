import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../test/kit/folder.ts';
import { movableClock } from '../../test/kit/movable-clock.ts';
import { registries } from '../cli/session.ts';
import { parseConfig } from '../config/load.ts';
import type { Happening } from '../domain/happening.ts';
import { plan } from '../pipeline/plan.ts';
import type { Job } from '../queue/queue.ts';
import { compose } from './compose.ts';

test('the plan reads account files again: a new account is collected, a broken file is told once and keeps what it held', async () => {
  const { path: folder, remove } = await temporaryFolder();
  await mkdir(join(folder, 'conf.d'));
  const team = (text: string) => writeFile(join(folder, 'conf.d', 'team.yaml'), text);
  await team(accounts('000000000001'));
  const yaml = 'archive: ./archive\naccount_files: conf.d/*.yaml\n';
  const config = await parseConfig(yaml, join(folder, 'muster.yaml'), registries, {});
  const jobs: Job[] = [];
  const happenings: Happening[] = [];
  const composed = await compose(config, {
    clock: movableClock(),
    observe: (one) => void happenings.push(one),
    enqueue: async (job) => void jobs.push(job),
    probe: false,
  });
  const planned = async () => {
    jobs.length = 0;
    await plan(composed.stage, new AbortController().signal);
    return jobs.flatMap((job) => (job.name === 'collect' ? [job.source] : [])).sort();
  };

  expect(await planned()).toEqual(['aws/000000000001/credential-report']);

  await team(accounts('000000000001', '000000000002'));
  expect(await planned()).toEqual(['aws/000000000001/credential-report', 'aws/000000000002/credential-report']);

  await team('accounts: [');
  expect(await planned()).toHaveLength(2);
  expect(await planned()).toHaveLength(2);
  expect(happenings.filter(({ kind }) => kind === 'warning')).toEqual([
    { kind: 'warning', message: expect.stringMatching(/team\.yaml:1:\d+.*\n.*what it last held is used/) },
  ]);
  await composed.close();
  await remove();
});

function accounts(...ids: readonly string[]): string {
  return `accounts: [${ids.map((id) => `{ provider: aws, account_id: "${id}" }`).join(', ')}]\n`;
}
