import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { eventsOfCase, GOLDEN_CASES, goldenCases } from '../../test/kit/golden-cases.ts';
import { VERSION } from '../kit/version.ts';
import { linesOf } from './format.ts';
import { formats } from './registry.ts';

// `npx vitest run --project unit src/formats -u` writes these files anew: read the difference before it is committed.
describe.each(goldenCases())('%s', (name) => {
  const events = eventsOfCase(name);

  test.each(formats)('two reports as $name writes their events', async (format) => {
    const lines = events.flatMap((event) => [...linesOf(format, event)].map(({ text }) => text));

    await expect(written(lines).replaceAll(VERSION, '<version>')).toMatchFileSnapshot(
      join(GOLDEN_CASES, name, `events.${format.name}.${format.name === 'cef' ? 'txt' : 'json'}`),
    );
  });
});

/** JSON as a list with an event on each line; other lines as they are. */
function written(lines: readonly string[]): string {
  if (!lines[0]?.startsWith('{')) return `${lines.join('\n')}\n`;
  return `[\n${lines.join(',\n')}\n]\n`;
}

test('every cloud has a baseline and changes', () => {
  expect(goldenCases()).toEqual(
    expect.arrayContaining(['aws', 'alibaba', 'tencent'].flatMap((cloud) => [`${cloud}-baseline`, `${cloud}-changes`])),
  );
});
