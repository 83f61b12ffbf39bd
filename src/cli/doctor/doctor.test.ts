import { expect, test } from 'vitest';
import { ACCOUNT, AWS_SOURCE, csvOf, HOUR, rawReport, testStage } from '../../../test/kit/stage.ts';
import type { Account } from '../../domain/account.ts';
import { Fault } from '../../domain/fault.ts';
import { writeJson } from '../../kit/json-bytes.ts';
import { Secret } from '../../kit/secret.ts';
import { collect } from '../../pipeline/collect.ts';
import type { Stage } from '../../pipeline/stage.ts';
import type { Connection } from '../../providers/provider.ts';
import { providers } from '../../providers/registry.ts';
import { examineAccount } from './account.ts';
import { grouped } from './finding.ts';
import { examineOwnKeys } from './own-keys.ts';

const ROLE = { assume_role: { role: 'muster-audit', external_id: 'x1' } };

test('three hundred members with one cause are one line, with what to do next', async () => {
  const refused = (id: string) =>
    new Fault('denied', `account ${id}: sts:AssumeRole is denied to these credentials; check the role`);
  const members = Array.from({ length: 300 }, (_, index) =>
    accountOf(String(200_000_000_000 + index), `team-${index}`, 'main'),
  );
  const findings = [];
  for (const member of members)
    findings.push(...(await examined(member, { identify: () => Promise.reject(refused(member.id)) })));

  const [told, ...others] = grouped(findings);

  expect(others).toEqual([]);
  expect(told).toMatchObject({
    about: '300 accounts of organization main: team-0, team-1, team-2 and 297 more',
    ok: false,
    text: expect.stringMatching(/^denied: .*sts:AssumeRole is denied/),
    next: 'check the role',
  });
  expect(told?.accounts).toHaveLength(300);
});

test('different causes stay apart, the most common first, and what is well comes last', async () => {
  const findings = [
    ...(await examined(accountOf('200000000001', 'one'), {})),
    ...(await examined(accountOf('200000000002', 'two'), {
      identify: () => Promise.reject(new Fault('unreachable', 'account 200000000002: got no answer')),
    })),
    ...(await examined(accountOf('200000000003', 'three'), { problem: 'iam:ListUsers' })),
    ...(await examined(accountOf('200000000004', 'four'), { problem: 'iam:ListUsers' })),
    ...(await examined(accountOf('200000000005', 'five'), { problem: 'iam:GetCredentialReport', needed: true })),
  ];

  expect(grouped(findings).map(({ ok, next, about }) => [ok, next !== undefined, about])).toEqual([
    [false, true, 'account five'],
    [false, true, 'account two'],
    [true, true, '2 accounts: three, four'],
    ...['five', 'four', 'one', 'three'].map((name) => [true, false, `account ${name}`]),
  ]);
});

test('a missing permission is told with its report kind, its price and the command that prints the policy', async () => {
  const [, lack] = await examined(accountOf(ACCOUNT, 'prod'), { problem: 'iam:ListUsers' });

  expect(lack).toMatchObject({
    ok: true,
    text: 'credential-report: iam:ListUsers is not allowed: no user ids and access key ids',
    next: 'allow iam:ListUsers (muster policy aws --only account-policy)',
  });
});

test('an account says who Muster is there, whom it asks, and that its sessions are cut down', async () => {
  const [well] = await examined(accountOf(ACCOUNT, 'prod'), {});

  expect(well?.text).toBe(
    'arn:aws:iam::1:role/x; AWS (us-east-1); its sessions may do no more than Muster asks for; no credential-report yet',
  );
});

test.each([
  [59_000, 0],
  [180_000, 1],
  [-180_000, 1],
])('a clock that is %i ms off is told: %i times', async (skewMs, times) => {
  const [, ...further] = await examined(accountOf(ACCOUNT, 'prod'), { skewMs });

  expect(further).toHaveLength(times);
  for (const one of further)
    expect(one).toMatchObject({ ok: false, next: 'set it by NTP', text: expect.stringContaining('3m') });
});

test('an account whose reports only a person brings needs no credentials', async () => {
  const brought = {
    ...accountOf(ACCOUNT, 'shop'),
    provider: 'tencent',
    reports: { 'credential-report-import': { everyMs: HOUR } },
  };

  const [told, ...more] = await examined(brought, { identify: () => Promise.reject(new Fault('denied', 'no')) });

  expect([told?.ok, told?.text, more]).toEqual([true, 'a person brings its reports: the cloud is not asked', []]);
});

test('credentials of another account are wrong', async () => {
  const finding = await examined(accountOf(ACCOUNT, 'prod'), {
    identify: async () => ({ accountId: '999999999999', principal: 'p' }),
  });

  expect(finding).toMatchObject([
    { ok: false, next: 'mend auth or account_id', text: expect.stringContaining('999999999999') },
  ]);
});

test('a report that is older than two cadences is wrong', async () => {
  const given = testStage();
  given.steps.push({ do: 'keep', report: rawReport(given.clock.now(), csvOf(['ann'])) });
  await collect(
    { name: 'collect', source: AWS_SOURCE, due: 'first', attempt: 0 },
    given.stage,
    new AbortController().signal,
  );
  given.clock.move(9 * HOUR);

  const [well, stale] = await examined(accountOf(ACCOUNT, 'prod'), {}, given.stage);

  expect(well?.text).toContain('credential-report 1 is 9h old');
  expect(stale).toMatchObject({ ok: false, text: 'stale: credential-report 1 is 9h old' });
});

test.each([
  [89, true, 'made 89d ago'],
  [91, false, 'older than 90 days: made 91d ago'],
])("the collector's own key, made %i days ago: %s", async (days, ok, text) => {
  const given = testStage();
  const made = Date.UTC(2026, 0, 1, 0, 0, 1);
  given.clock.move(made + days * 86_400_000 - given.clock.now());
  const created = '2026-01-01T00:00:01Z';
  const keys = [{ id: 'AKIAOWN', created, status: 'Active' }];
  const user = {
    name: 'muster',
    user_id: 'AIDA1',
    arn: `arn:aws:iam::${ACCOUNT}:user/muster`,
    created: '2026-01-01T00:00:00Z',
    keys,
  };
  const part = { version: 1, users_asked_at: created, users: [user] };
  const report = rawReport(given.clock.now(), csvOf(['muster']));
  given.steps.push({
    do: 'keep',
    report: { ...report, parts: [...report.parts, { name: 'access-keys.json', bytes: writeJson(part) }] },
  });
  await collect(
    { name: 'collect', source: AWS_SOURCE, due: 'first', attempt: 0 },
    given.stage,
    new AbortController().signal,
  );

  const key = (access_key_id: string) => ({
    access_key: { access_key_id, secret_access_key: new Secret('s', '${env:S}') },
  });
  const accounts = ['AKIAOWN', 'AKIAOWN', 'AKIAELSEWHERE'].map((id, index) =>
    accountOf(`20000000000${index}`, `a${index}`, undefined, { assume_role: { ...ROLE.assume_role, base: key(id) } }),
  );

  expect(await examineOwnKeys(accounts, given.stage)).toMatchObject([
    { about: "Muster's own key AKIAOWN (aws)", ok, text },
    { about: "Muster's own key AKIAELSEWHERE (aws)", ok: true, text: expect.stringContaining('not known') },
  ]);
});

function accountOf(id: string, name: string, organization?: string, auth: object = ROLE): Account {
  const settings = providers.find((one) => one.name === 'aws')?.settings.parse({ auth });
  const reports = { 'credential-report': { everyMs: 4 * HOUR } };
  return {
    provider: 'aws',
    id,
    name,
    labels: {},
    reports,
    settings,
    ...(organization === undefined ? {} : { organization }),
  };
}

interface Answers {
  readonly identify?: Connection['identify'];
  readonly problem?: string;
  readonly needed?: boolean;
  readonly skewMs?: number;
}

async function examined(account: Account, answers: Answers, stage: Stage = testStage().stage) {
  const { identify, problem, needed = false, skewMs } = answers;
  const connection: Connection = {
    identify: identify ?? (async () => ({ accountId: account.id, principal: 'arn:aws:iam::1:role/x' })),
    probe: async () =>
      problem === undefined
        ? []
        : [
            {
              permission: problem,
              needed,
              problem: `account ${account.id}: ${problem} is denied to x; allow ${problem} on *`,
            },
          ],
    skewMs: () => skewMs,
    next: () => Promise.reject(new Error('not asked')),
    close: () => undefined,
  };
  return examineAccount(
    account,
    { ...stage, connection: async () => connection },
    () => new AbortController().signal,
    1_000,
  );
}
