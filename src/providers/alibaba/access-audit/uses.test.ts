import { expect, test } from 'vitest';
import { foldUse, foldUses, type Uses, usesOf } from './uses.ts';

test('the last time of each counts, in whatever order they come', () => {
  const seen = [
    { service: 'Ecs', action: 'RunInstances', at: 5, region: 'a' },
    { service: 'ecs', action: 'RunInstances', at: 9, region: 'b' },
    { service: 'Ims', action: 'GetUser', at: 7 },
  ];
  const forward: Uses = {};
  const backward: Uses = {};
  for (const one of seen) foldUse(forward, one);
  for (const one of seen.toReversed()) foldUse(backward, one);
  const twice: Uses = {};
  foldUses(twice, forward);
  foldUses(twice, backward);

  expect(forward).toEqual({
    ecs: { at: 9, region: 'b', actions: { RunInstances: { at: 9, region: 'b' } } },
    ram: { at: 7, actions: { GetUser: { at: 7 } } },
  });
  expect(backward).toEqual(forward);
  expect(twice).toEqual(forward);
});

test.each(['constructor', 'toString', '__proto__'])('a service or an action may be called %s', (name) => {
  const uses: Uses = {};

  expect(usesOf(uses, name)).toBeUndefined();
  foldUse(uses, { service: name, action: name, at: 3 });

  const isNamed = name !== '__proto__';
  expect(usesOf(uses, name.toLowerCase())?.at).toBe(isNamed ? 3 : undefined);
});
