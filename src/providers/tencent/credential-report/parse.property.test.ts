import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { atOnce } from '../../../kit/steps.ts';
import { parseReport } from './parse.ts';

const FIXTURE = readFileSync(new URL('../fixtures/mainland.csv', import.meta.url));

test('any bytes, beside any other bytes, are read without a crash', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), fc.uint8Array({ maxLength: 60 }), (report, answers) => {
      const parsed = atOnce(
        parseReport(
          new Map([
            ['report.csv', report],
            ['answers.json', answers],
          ]),
        ),
      );

      expect(parsed.rows === 0 || parsed.records.length === parsed.rows).toBe(true);
    }),
  );
});

test('a report with any byte changed is whole, or is said not to be', () => {
  fc.assert(
    fc.property(fc.nat(FIXTURE.length - 1), fc.integer({ min: 0, max: 255 }), (at, byte) => {
      const spoiled = Uint8Array.from(FIXTURE);
      spoiled[at] = byte;
      const parsed = atOnce(parseReport(new Map([['report.csv', spoiled]])));

      expect(parsed.defects.length > 0 || parsed.rows === 5).toBe(true);
    }),
  );
});
