import { expect, test } from 'vitest';
import { mistakes } from '../../test/kit/config-mistakes.ts';

const ACCOUNTS = 'accounts: [{ provider: aws, account_id: "123456789012" }]';
const account = (rest: string) => `archive: a\naccounts:\n  - provider: aws\n    account_id: "123456789012"\n${rest}`;

test.each<[string, string, readonly string[]]>([
  [
    'a list entry that is none',
    'archive: a\naccounts: [x]\n',
    ['2:12: accounts[0]: must be a mapping with a provider and an account_id'],
  ],
  [
    'no provider',
    'archive: a\naccounts: [{ account_id: "1" }]\n',
    ['2:12: accounts[0]: "provider" is missing: must be one of aws, alibaba'],
  ],
  [
    'a misspelt provider',
    'archive: a\naccounts: [{ provider: asw }]\n',
    ['2:24: accounts[0].provider: "asw" is not known: must be one of aws, alibaba; did you mean "aws"?'],
  ],
  ['no account id', 'archive: a\naccounts: [{ provider: aws }]\n', ['2:12: accounts[0]: "account_id" is missing']],
  [
    'an account id without quotes',
    'archive: a\naccounts:\n  - provider: aws\n    account_id: 012345678901\n',
    [
      '4:17: accounts[0].account_id: must be text: write "012345678901" in quotes (without them it is read as 12345678901)',
    ],
  ],
  [
    'a short account id',
    'archive: a\naccounts: [{ provider: aws, account_id: "12" }]\n',
    ['2:41: accounts[0].account_id: not an account id of aws: 12 digits'],
  ],
  [
    'a label that is a number',
    account('    labels: { cost: 0815 }\n'),
    ['5:21: accounts[0].labels.cost: must be text: write "0815" in quotes (without them it is read as 815)'],
  ],
  [
    'a misspelt own key',
    account('    endpont: x\n'),
    ['5:5: accounts[0]: unknown key "endpont"; did you mean "endpoint"?'],
  ],
  [
    'a misspelt common key',
    account('    lables: {}\n'),
    ['5:5: accounts[0]: unknown key "lables"; did you mean "labels"?'],
  ],
  [
    'a misspelt report kind',
    account('    reports: { credential-reports: {} }\n'),
    ['5:16: accounts[0].reports: unknown key "credential-reports"; did you mean "credential-report"?'],
  ],
  [
    'a report kind without settings',
    account('    reports: { credential-report: }\n'),
    ['5:35: accounts[0].reports.credential-report: must be a mapping, but is empty'],
  ],
  [
    'no report kind',
    account('    reports: {}\n'),
    ['5:14: accounts[0].reports: names no report kind; known are: credential-report, access-audit'],
  ],
  [
    'no duration',
    account('    reports: { access-audit: { every: daily } }\n'),
    ['5:39: accounts[0].reports.access-audit.every: "daily" is not a duration: write for example 15s, 30m, 4h or 7d'],
  ],
  [
    'too often',
    account('    reports: { credential-report: { every: 1h } }\n'),
    [
      '5:44: accounts[0].reports.credential-report.every: 1h is too often: aws makes a new credential-report every 4h, write 4h or longer',
    ],
  ],
  [
    'two mistakes in one account',
    account('    max_rp: 1\n    reports: { credential-report: { every: 1h } }\n'),
    [
      '5:5: accounts[0]: unknown key "max_rp"; did you mean "max_rps"?',
      '6:44: accounts[0].reports.credential-report.every: 1h is too often: aws makes a new credential-report every 4h, write 4h or longer',
    ],
  ],
  [
    'a misspelt alternative',
    account('    auth: { asume_role: { role: r } }\n'),
    ['5:13: accounts[0].auth: unknown key "asume_role"; did you mean "assume_role"?'],
  ],
  [
    'a mistake in an alternative',
    account('    auth: { assume_role: { rol: r } }\n'),
    ['5:28: accounts[0].auth.assume_role: unknown key "rol"; did you mean "role"?'],
  ],
  [
    'no alternative',
    account('    auth: {}\n'),
    ['5:11: accounts[0].auth: needs one of assume_role, access_key, chain'],
  ],
  [
    'a wrong type of an alternative',
    account('    endpoint: 5\n'),
    ['5:15: accounts[0].endpoint: must be text, or a mapping'],
  ],
  [
    'a missing secret',
    account('    auth: { access_key: { access_key_id: a } }\n'),
    [
      '5:25: accounts[0].auth.access_key: "secret_access_key" is missing: must be a reference such as "${env:NAME}" or "${file:/run/secrets/name}", never the secret itself',
    ],
  ],
  [
    'an unset variable',
    account('    auth: { assume_role: { role: "${env:MUSTER_ROL}" } }\n'),
    ['5:34: accounts[0].auth.assume_role.role: the variable MUSTER_ROL is not set; did you mean "MUSTER_ROLE"?'],
  ],
  [
    'a reference that is not closed',
    account('    name: "x${env:MUSTER_ROLE"\n'),
    [
      '5:11: accounts[0].name: a reference is not closed: write ${env:NAME} or ${file:/path}; a plain ${ is written $${',
    ],
  ],
  [
    'an unknown reference',
    account('    name: ${vault:x}\n'),
    ['5:11: accounts[0].name: not a reference: write ${env:NAME} or ${file:/path}; a plain ${ is written $${'],
  ],
  [
    'a reference where none can be',
    `archive: a\n${ACCOUNTS}\nsinks: [{ name: s, type: "\${env:MUSTER_ROLE}" }]\n`,
    ['3:26: sinks[0].type: "${env:MUSTER_ROLE}" is not known: must be one of file, stdout, hook'],
  ],
  [
    'a name with a newline',
    account('    name: "a\\nb"\n'),
    ['5:11: accounts[0].name: must be 1 to 128 printable characters'],
  ],
])('an account with %s is told', async (_, yaml, expected) => {
  expect(await mistakes(yaml)).toEqual(expected);
});
