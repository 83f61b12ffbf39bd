import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { step } from '../../src/simulator/aws/step.ts';
import { seededRandom } from '../../src/simulator/random.ts';
import { startSimulator } from '../../src/simulator/simulator.ts';
import { deployment } from '../kit/deployment.ts';
import { movableClock } from '../kit/movable-clock.ts';
import { archivedReports, expectTrueBytes, expectTrueEvents, witness } from '../kit/truth.ts';

const HOUR = 3_600_000;
const USERS = 5_000;
/** Far above what it takes, so that a busy machine does not fail it; a quadratic comparison would. */
const LONGEST_MS = 15_000;

test('a report of 5,000 users is collected, compared and delivered in seconds', async ({ onTestFinished }) => {
  const clock = movableClock();
  const simulator = await startSimulator({ clock, buildMs: 0, accounts: 1, usersPerAccount: USERS });
  onTestFinished(() => simulator.close());
  const muster = await deployment({ simulator, account: { key_ids: false } });
  onTestFinished(() => muster.remove());
  const random = seededRandom(5, 'big');

  const first = await muster.run(['collect']);
  for (let count = 0; count < 100; count += 1) {
    clock.move(60_000);
    step(simulator.world, random);
  }
  clock.move(4 * HOUR);
  const second = await muster.run(['collect']);

  for (const run of [first, second]) {
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.ms).toBeLessThan(LONGEST_MS);
  }
  const cloud = await witness(simulator.url);
  const reports = await archivedReports(await muster.objects(), (key) => readFile(join(muster.folder, 'archive', key)));
  await expectTrueBytes(reports, cloud);
  expectTrueEvents(await muster.events(), reports, cloud, { ids: false });
});
