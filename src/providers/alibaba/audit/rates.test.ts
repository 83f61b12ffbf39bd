import { expect, test } from 'vitest';
import { rateOf } from './rates.ts';

test.each([1, 10, 20, 47, 90])(
  'at max_rps %i a credential report and two audits stay below what RAM takes',
  (maxRps) => {
    const { perSecond } = rateOf('ram:ListAccessKeys', { maxRps, audits: 2 });

    expect(perSecond).toBeGreaterThan(0);
    expect(perSecond).toBeLessThanOrEqual(maxRps);
    expect(maxRps + 2 * perSecond).toBeLessThanOrEqual(100);
  },
);

test('two audits share what ActionTrail takes', () => {
  const both = rateOf('actiontrail:GetAccessKeyLastUsedEvents', { maxRps: 20, audits: 2 });

  expect(both).toEqual({ perSecond: 22, isStrict: true });
});
