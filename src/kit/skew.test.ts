import { expect, test } from 'vitest';
import { movableClock } from '../../test/kit/movable-clock.ts';
import { skewMeter } from './skew.ts';

test('the newest Date header tells how far the other clock is ahead; anything else tells nothing', () => {
  const clock = movableClock();
  const meter = skewMeter(clock);
  expect(meter.skewMs()).toBeUndefined();

  meter.heard(new Date(clock.now() + 180_000).toUTCString());
  meter.heard(undefined);
  meter.heard('soon');

  expect(Math.abs((meter.skewMs() ?? 0) - 180_000)).toBeLessThanOrEqual(1_000);
});
