import { expect, test } from 'vitest';
import { z } from 'zod';
import { mistakes } from '../../test/kit/config-mistakes.ts';
import { toyRegistries } from '../../test/kit/toy-registries.ts';
import { parseConfig } from './load.ts';

const TOP = 'archive: ./archive\naccounts: [{ provider: aws, account_id: "123456789012" }]\n';
const sink = (rest: string) => `${TOP}sinks:\n  - { name: s, ${rest} }\n`;

test.each<[string, string, readonly string[]]>([
  [
    'an unknown type',
    sink('type: fil'),
    ['4:22: sinks[0].type: "fil" is not known: must be one of file, stdout, hook; did you mean "file"?'],
  ],
  [
    'an unknown format',
    sink('type: stdout, format: plan'),
    ['4:38: sinks[0].format: "plan" is not known: must be one of plain, ocsf; did you mean "plain"?'],
  ],
  [
    'an unknown event',
    sink('type: stdout, events: [change, findings]'),
    [
      '4:47: sinks[0].events[1]: "findings" is not known: must be one of inventory, change, finding, access, health, summary; did you mean "finding"?',
    ],
  ],
  ['no event', sink('type: stdout, events: []'), ['4:38: sinks[0].events: must not be empty']],
  [
    'a bad start',
    sink('type: stdout, start: 2026-02-31'),
    ['4:37: sinks[0].start: must be now, all, a date (2026-01-31) or a time in UTC (2026-01-31T00:00:00Z)'],
  ],
  [
    'a bad name',
    `${TOP}sinks: [{ name: "../x", type: stdout }]\n`,
    ['3:17: sinks[0].name: must be lower-case letters, digits and hyphens, at most 63'],
  ],
  ['an own key of another type', sink('type: stdout, path: x'), ['4:30: sinks[0]: unknown key "path"']],
  ['a missing own key', sink('type: file'), ['4:5: sinks[0]: "path" is missing']],
  [
    'two mistakes, common and own',
    sink('type: hook, formt: plain, url: http://x, secret: "${env:MUSTER_ROLE}"'),
    ['4:28: sinks[0]: unknown key "formt"; did you mean "format"?', '4:47: sinks[0].url: must begin with https://'],
  ],
])('a sink with %s is told', async (_, yaml, expected) => {
  expect(await mistakes(yaml)).toEqual(expected);
});

test('one of a few words that looks like a number must be in quotes', async () => {
  const registries = toyRegistries();
  const [file] = registries.sinkPlugins;
  const plugin = { ...file!, settings: z.strictObject({ mode: z.enum(['0600', '0640']) }) };

  const parsed = parseConfig(sink('type: file, mode: 0600'), 'm.yaml', { ...registries, sinkPlugins: [plugin] }, {});

  await expect(parsed).rejects.toThrow('m.yaml:4:34: sinks[0].mode: write "0600" in quotes');
});
