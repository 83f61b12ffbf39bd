import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyTable } from '../../test/kit/any-records.ts';
import { ALL_CHECKS, HOUR, loaded, T0 } from '../../test/kit/records.ts';
import { sampleEventsOfAllChecks } from '../../test/kit/sample-events.ts';
import { derive } from './derive.ts';

const run = promisify(execFile);

test.each([
  ['Asia/Shanghai', 'tr_TR.UTF-8'],
  ['America/St_Johns', 'de_DE.UTF-8'],
])('another process in %s with the locale %s derives the same ids', { timeout: 60_000 }, async (zone, locale) => {
  const env = { ...process.env, TZ: zone, LANG: locale, LC_ALL: locale };
  const { stdout } = await run(process.execPath, ['--import', 'tsx', 'test/kit/print-ids.ts'], { env });

  expect(stdout.trim().split('\n')).toEqual(sampleEventsOfAllChecks().map(({ id, type }) => `${id} ${type}`));
});

test('no two events of a report share an id, whatever a cloud tells and does not tell', { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(anyTable, anyTable, fc.constantFrom(4, 24), (before, after, hours) => {
      const previous = loaded(before, { rules: ALL_CHECKS });
      const current = loaded(after, { previous, rules: ALL_CHECKS, generatedAt: T0 + hours * HOUR });
      const ids = derive(previous, current).map(({ event }) => event.id);

      expect(new Set(ids).size).toBe(ids.length);
    }),
    { numRuns: 300 },
  );
});
