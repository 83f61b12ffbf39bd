import { expect, test } from 'vitest';
import { toyRegistries } from '../../test/kit/toy-registries.ts';
import { parseConfig } from './load.ts';

const HOUR_MS = 3_600_000;

test('an organization has its defaults, and no account is needed beside it', async () => {
  const config = await load('[{ provider: aws, name: main, role: audit }]');

  expect(config.accounts).toEqual([]);
  expect(config.warnings).toEqual([]);
  expect(config.organizations).toEqual([
    {
      provider: 'aws',
      name: 'main',
      members: 'all',
      managementAccount: true,
      labels: {},
      labelsFromTags: [],
      exclude: [],
      reports: { 'credential-report': { everyMs: 4 * HOUR_MS } },
      settings: { role: 'audit' },
    },
  ]);
});

test('everything of an organization is read', async () => {
  const config = await load(`
  - provider: aws
    name: main
    role: audit
    members: ["123456789012"]
    management_account: false
    labels: { org: main }
    labels_from_tags: [bu]
    exclude: [{ account_id: "210987654321", owner: payments, reason: sandbox, until: 2027-03-01 }]
    reports: { access-audit: { every: 2d } }`);

  expect(config.organizations[0]).toMatchObject({
    members: ['123456789012'],
    managementAccount: false,
    labels: { org: 'main' },
    labelsFromTags: ['bu'],
    exclude: [{ accountId: '210987654321', owner: 'payments', reason: 'sandbox', until: '2027-03-01' }],
    reports: { 'access-audit': { everyMs: 48 * HOUR_MS } },
  });
});

test.each([
  ['no provider', '[{ name: main }]', /^2:\d+: organizations\[0\]: "provider" is missing: must be one of aws$/],
  [
    'a provider without organizations',
    '[{ provider: alibaba, name: a }]',
    /"alibaba" is not known: must be one of aws/,
  ],
  ['an unknown key', '[{ provider: aws, name: main, role: a, rol: b }]', /unknown key "rol"; did you mean "role"/],
  ['no role', '[{ provider: aws, name: main }]', /organizations\[0\]: "role" is missing/],
  ['a name that is no path', '[{ provider: aws, name: a/b, role: a }]', /lower-case letters, digits and hyphens/],
  [
    'the same name twice',
    '[{ provider: aws, name: a, role: a }, { provider: aws, name: a, role: b }]',
    /the organization name "a" is used twice/,
  ],
  [
    'too often',
    '[{ provider: aws, name: a, role: a, reports: { credential-report: { every: 1h } } }]',
    /1h is too often/,
  ],
  [
    'an exclusion without an end',
    '[{ provider: aws, name: a, role: a, exclude: [{ account_id: "123456789012", owner: o, reason: r }] }]',
    /organizations\[0\]\.exclude\[0\]: "until" is missing/,
  ],
  [
    'a day that does not exist',
    '[{ provider: aws, name: a, role: a, exclude: [{ account_id: "123456789012", owner: o, reason: r, until: 2026-02-31 }] }]',
    /until: must be a date such as 2027-03-01/,
  ],
  [
    'members that are no ids',
    '[{ provider: aws, name: a, role: a, members: ["12"] }]',
    /members\[0\]: not an account id/,
  ],
])('%s is told', async (_, yaml, told) => {
  await expect(load(yaml)).rejects.toThrow(
    expect.objectContaining({ message: expect.stringMatching(new RegExp(told.source.replace(/^\^/, 'm.yaml:'))) }),
  );
});

test('a stand-in may be asked more often', async () => {
  const yaml =
    '[{ provider: aws, name: a, role: a, endpoint: "http://x", reports: { credential-report: { every: 1s } } }]';

  expect((await load(yaml)).organizations[0]?.reports).toEqual({ 'credential-report': { everyMs: 1_000 } });
});

test('an exclusion that is over is a warning at its date', async () => {
  const yaml = (until: string) =>
    `[{ provider: aws, name: a, role: a, exclude: [{ account_id: "123456789012", owner: o, reason: r, until: ${until} }] }]`;

  expect((await load(yaml('2999-01-01'))).warnings).toEqual([]);
  expect((await load(yaml('2020-01-01'))).warnings).toEqual([
    'm.yaml:2:120: warning: organizations[0].exclude[0].until: 2020-01-01 has passed: the account is collected again',
  ]);
});

test('an account that is excluded twice, or listed all the same, is a warning', async () => {
  const exclude = (id: string) => `{ account_id: "${id}", owner: o, reason: r, until: 2999-01-01 }`;
  const yaml = `archive: a
accounts: [{ provider: aws, account_id: "100000000003" }]
organizations:
  - provider: aws
    name: a
    role: a
    exclude:
      - ${exclude('100000000001')}
      - ${exclude('100000000002')}
      - ${exclude('100000000001')}
      - ${exclude('100000000003')}
`;

  const { warnings } = await parseConfig(yaml, 'm.yaml', toyRegistries(), {});

  expect(warnings).toEqual([
    'm.yaml:10:23: warning: organizations[0].exclude[2].account_id: account 100000000001 is excluded twice (first on line 8)',
    'm.yaml:11:23: warning: organizations[0].exclude[3].account_id: account 100000000003 is listed in "accounts": it is collected all the same',
  ]);
});

function load(organizations: string) {
  return parseConfig(`archive: a\norganizations: ${organizations}\n`, 'm.yaml', toyRegistries(), {});
}
