import { expect, test } from 'vitest';
import { archiveUsers } from '../../test/kit/archived.ts';
import { testStage } from '../../test/kit/stage.ts';
import { plan } from './plan.ts';

const MINUTE = 60_000;

test.each([
  ['as it should be', 0, 0, 0],
  ['four minutes back, as clocks of two machines may differ', -4, 0, 0],
  ['two hours back', -120, 120, 1],
])('a clock that is %s is told by the plan', async (_, setBack, behind, warnings) => {
  const given = testStage();
  await archiveUsers(given, ['alice']);
  given.clock.move(-300 * MINUTE); // to the moment of the report
  given.clock.move(setBack * MINUTE);

  await plan(given.stage, new AbortController().signal);
  await plan(given.stage, new AbortController().signal);

  const planned = given.happenings.flatMap((one) => (one.kind === 'planned' ? [one.clockBehindMs] : []));
  expect(planned.map((ms) => Math.round(ms / MINUTE))).toEqual([behind, behind]);
  const told = given.happenings.filter((one) => one.kind === 'warning' && one.message.includes('set it by NTP'));
  expect(told).toHaveLength(warnings);
});
