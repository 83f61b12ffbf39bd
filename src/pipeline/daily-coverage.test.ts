import { expect, test } from 'vitest';
import { AWS_SOURCE, counted, HOUR, testStage } from '../../test/kit/stage.ts';
import { COVERAGE_PART, type CoverageList } from '../domain/coverage.ts';
import { collect } from './collect.ts';
import { coverageSource } from './daily-coverage.ts';
import { plan } from './plan.ts';
import type { Stage } from './stage.ts';

const calm = new AbortController().signal;
const JOB = { name: 'collect', source: AWS_SOURCE, due: 'first', attempt: 0 } as const;
const SOURCE = coverageSource('default');

test('the first list waits for first reports, and comes without one when none came in time', async () => {
  const given = testStage();
  await plan(given.stage, calm);
  expect(await listed(given.stage)).toBeUndefined();

  given.clock.move(HOUR + 1);
  await plan(given.stage, calm);

  expect((await listed(given.stage))?.accounts).toMatchObject([{ state: 'stale', why: ['no report yet'] }]);
});

test('every account is filed once each UTC day, and goes to every sink', async () => {
  const given = testStage(); // at nine o'clock
  given.steps.push({ do: 'keep', report: counted(given.clock.now(), 1) });
  await collect(JOB, given.stage, calm);
  given.queued.length = 0;

  await plan(given.stage, calm);
  expect((await listed(given.stage))?.accounts).toMatchObject([
    { name: 'prod', labels: { env: 'prod' }, state: 'covered' },
  ]);
  expect(given.queued.map(({ job }) => job)).toContainEqual(
    expect.objectContaining({ name: 'deliver', source: SOURCE }),
  );

  given.clock.move(14 * HOUR);
  await plan(given.stage, calm);
  expect((await given.stage.archive.head(SOURCE))?.number).toBe(1);

  given.clock.move(2 * HOUR); // past midnight
  await plan(given.stage, calm);
  await plan(given.stage, calm);
  expect((await given.stage.archive.head(SOURCE))?.number).toBe(2);
  expect((await listed(given.stage))?.accounts).toMatchObject([{ state: 'stale' }]);
});

async function listed({ archive }: Stage): Promise<CoverageList | undefined> {
  const head = await archive.head(SOURCE);
  const part = head && (await archive.parts(head, [COVERAGE_PART])).get(COVERAGE_PART);
  return part && (JSON.parse(new TextDecoder().decode(part)) as CoverageList);
}
