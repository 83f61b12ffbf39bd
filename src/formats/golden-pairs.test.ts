import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { eventsOfCase, GOLDEN_CASES, goldenCases } from '../../test/kit/golden-cases.ts';
import { CHANGE_TYPES, FINDING_TYPES } from '../domain/event-types.ts';
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

const NOT_TOLD: Readonly<Record<string, RegExp>> = {
  aws: /^(?:access_key\.at_risk|login\.abnormal|(?:login|operation)_protection\..*)$/,
  alibaba:
    /^(?:access_key\.(?:at_risk|new_.*)|login\.abnormal|(?:login_protection|operation_protection|certificate|service_credential)\..*)$/,
  tencent: /^(?:access_key\.new_.*|root\..*|(?:certificate|service_credential)\..*)$/,
};

test.each(Object.entries(NOT_TOLD))(
  'the pairs of %s have every type of event that its report can tell',
  (cloud, not) => {
    const names = goldenCases().filter((name) => name.startsWith(cloud));
    const types = new Set(names.flatMap((name) => eventsOfCase(name).map(({ type }) => type)));

    const possible = [...CHANGE_TYPES.filter((type) => !not.test(type)), ...FINDING_TYPES];
    expect([...types].sort()).toEqual([...possible, 'inventory.identity', 'summary.report'].sort());
  },
);
