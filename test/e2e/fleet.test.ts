import { expect, test } from 'vitest';
import { runFleet } from '../faults/fleet-run.ts';
import { ensureBuilt, MAIN } from '../kit/built-cli.ts';

const MINUTE = 60_000;

/** The small brother of `npm run test:fleet`. */
test('an organisation that grows, with members that are denied, hang or are called alike, and an outage of STS', async () => {
  await ensureBuilt();

  const { lateMs, memoryOfFirst, memoryOfAll, alike, alerts, recovered, code } = await runFleet({
    members: 24,
    first: 10,
    large: 2,
    usersOfLarge: 300,
    denied: 3,
    everyMs: 5 * MINUTE,
    tickMs: 2 * MINUTE,
    outageMs: 20 * MINUTE,
    rate: 60,
    main: MAIN,
    say: () => undefined,
  });

  expect(lateMs.length).toBeGreaterThan(15);
  expect(lateMs.at(-1)).toBeLessThan(5 * MINUTE); // of a clock that runs sixty times as fast, on a busy machine
  expect(memoryOfAll.retainedMb - memoryOfFirst.retainedMb).toBeLessThan(30);
  expect(alike).toBe(3);
  expect(alerts).toEqual(['health.organization.failing', 'health.organization.recovered']);
  expect({ recovered, code }).toEqual({ recovered: 20, code: 0 });
}, 240_000);
