import { expect, test } from 'vitest';
import type { Happening } from '../domain/happening.ts';
import { rareWarnings } from './rare-warnings.ts';

test('a warning is said once in ten seconds for each kind', () => {
  const said: Happening[] = [];
  let now = 0;
  const warn = rareWarnings(
    (happening) => said.push(happening),
    () => now,
  );

  for (now = 0; now < 25_000; now += 100) warn('refused', `refused at ${now}`);
  warn('other', 'something else');

  expect(said).toEqual([
    { kind: 'warning', message: 'refused at 0' },
    { kind: 'warning', message: 'refused at 10000' },
    { kind: 'warning', message: 'refused at 20000' },
    { kind: 'warning', message: 'something else' },
  ]);
});
