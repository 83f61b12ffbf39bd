import { expect, test } from 'vitest';
import { mistakes } from '../../test/kit/config-mistakes.ts';

const ACCOUNTS = 'accounts: [{ provider: aws, account_id: "123456789012" }]';
const TOP = `archive: ./archive\n${ACCOUNTS}\n`; // what is added begins on line 3

test.each<[string, string, readonly string[]]>([
  ['an empty file', '', ['1:1: the file is empty: start from config/example.yaml']],
  ['only a comment', '# nothing\n', ['1:1: the file is empty: start from config/example.yaml']],
  ['no mapping', '- a\n', ['1:1: must be a mapping such as "archive: ./archive"; start from config/example.yaml']],
  ['nothing that is needed', 'tick: "* * * * *"\n', ['1:1: "archive" is missing']],
  ['a misspelt key', `acounts: []\n${TOP}`, ['1:1: unknown key "acounts"; did you mean "accounts"?']],
  [
    'a misspelt key that was needed',
    `archiv: a\n${ACCOUNTS}\n`,
    ['1:1: unknown key "archiv"; did you mean "archive"?'],
  ],
  ['a time zone', `${TOP}time_zone: Europe/Berlin\n`, ['3:1: unknown key "time_zone": the tick is always UTC']],
  ['a key written twice', `${TOP}archive: b\n`, ['3:1: "archive" is written twice (first on line 1)']],
  ['a merge key', `${TOP}<<: *x\n`, ['3:1: merge keys (<<) are not supported: use "defaults"']],
  ['an alias of nothing', `${TOP}queue: *nope\n`, ['3:8: queue: nothing above is anchored as &nope']],
  [
    'a tag',
    `${TOP}queue: !foo redis\n`,
    ['3:8: not valid YAML: tags (!) are not supported; text that starts with ! must be in quotes'],
  ],
  [
    'two documents',
    `${TOP}---\n${TOP}`,
    ['3:1: not valid YAML: more than one document (---) in the file; one is wanted'],
  ],
  [
    'an open bracket',
    'archive: [a\n',
    ['2:1: not valid YAML: the indentation is wrong, or a bracket or quote above is not closed'],
  ],
  [
    'too few cron fields',
    `${TOP}tick: "* * *"\n`,
    ['3:7: tick: has 3 fields, wanted are 5: minute, hour, day of month, month, day of week (UTC)'],
  ],
  [
    'seconds in the cron',
    `${TOP}tick: "*/5 * * * * *"\n`,
    ['3:7: tick: has 6 fields, wanted are 5: minute, hour, day of month, month, day of week (UTC)'],
  ],
  [
    'a bad cron',
    `${TOP}tick: "99 * * * *"\n`,
    ['3:7: tick: not a cron expression: 99 is a invalid expression for minute'],
  ],
  [
    'a bad deployment',
    `${TOP}deployment: Prod!\n`,
    ['3:13: deployment: must be lower-case letters, digits and hyphens'],
  ],
  ['http switched on', `${TOP}http: true\n`, ['3:7: http: must be false, or a mapping']],
  [
    'http without a port',
    `${TOP}http: { listen: localhost }\n`,
    ['3:17: http.listen: "localhost" is not host:port, for example 127.0.0.1:9464'],
  ],
  [
    'another archive scheme',
    `archive: gs://b\n${ACCOUNTS}\n`,
    ['1:10: archive: must be a folder, or s3://bucket/prefix'],
  ],
  [
    'half a key pair',
    `archive: { url: s3://bucket, access_key_id: abc }\n${ACCOUNTS}\n`,
    [
      '1:10: archive: access_key_id and secret_access_key come together; without both, the usual AWS credential chain is used',
    ],
  ],
  [
    'a prefix that climbs',
    `archive: s3://bucket/../x\n${ACCOUNTS}\n`,
    ['1:10: archive: must be a folder, or s3://bucket/prefix'],
  ],
  [
    'no redis',
    `${TOP}queue: http://redis\n`,
    ['3:8: queue: must be a URL such as redis://host:6379 or rediss://host:6379'],
  ],
  ['a sentinel group without a name', `${TOP}queue: { sentinels: ["a:1"] }\n`, ['3:8: queue: "name" is missing']],
  [
    'a literal password',
    `${TOP}queue: { cluster: ["a:1"], password: hunter2 }\n`,
    [
      '3:38: queue.password: must be a reference such as "${env:NAME}" or "${file:/run/secrets/name}", never the secret itself',
    ],
  ],
  [
    'an unknown check',
    `${TOP}checks: { user.key.to_old: {} }\n`,
    ['3:11: checks: unknown key "user.key.to_old"; did you mean "user.key.too_old"?'],
  ],
  [
    'an unknown threshold',
    `${TOP}checks: { user.key.too_old: { max_age: 3 } }\n`,
    ['3:31: checks.user.key.too_old: unknown key "max_age"; did you mean "max_age_days"?'],
  ],
  [
    'a severity that is none',
    `${TOP}checks: { root.key.exists: { severity: hihg } }\n`,
    [
      '3:40: checks.root.key.exists.severity: "hihg" is not known: must be one of informational, low, medium, high, critical; did you mean "high"?',
    ],
  ],
])('%s is told', async (_, yaml, expected) => {
  expect(await mistakes(yaml)).toEqual(expected);
});
