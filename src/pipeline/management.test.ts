import { expect, test } from 'vitest';
import { member, organized } from '../../test/kit/organization.ts';
import { ACCOUNT, AWS_SOURCE, csvOf, HOUR, rawReport, testStage } from '../../test/kit/stage.ts';
import { completeRules } from '../derive/checks/registry.ts';
import { findingsIn } from '../derive/decide.ts';
import type { Context } from '../domain/context.ts';
import type { Member } from '../domain/organization.ts';
import { CONTEXT_PART } from '../domain/report.ts';
import { atOnce } from '../kit/steps.ts';
import { knownSource } from './accounts.ts';
import { collectOnce } from './collect.ts';
import { listMembers } from './member-lists.ts';

const CHECK = 'org.root_creds.present';
const signal = new AbortController().signal;
const withRootPassword = csvOf(['ann']).replace(':root,2019-01-01T00:00:00Z,false', ':root,2019-01-01T00:00:00Z,true');

/** What was decided of one report after another, each with what the organisation's list said of the account. */
async function decided(...lists: readonly Partial<Member>[]) {
  const given = testStage();
  const org = organized(given);
  Object.assign(org.stage, {
    rules: completeRules({ [CHECK]: { enabled: true, severity: 'medium', thresholds: {} } }),
  });
  const all = [];
  for (const change of lists) {
    org.listed = [member(1), member(2, { id: ACCOUNT, ...change })];
    await listMembers(org.stage, signal);
    given.steps.push({ do: 'keep', report: rawReport(given.clock.now(), withRootPassword) });
    const target = await knownSource(org.stage, AWS_SOURCE);
    await collectOnce(target!, org.stage, signal, undefined, { early: true });
    const parts = await given.stage.archive.parts((await given.stage.archive.head(AWS_SOURCE))!);
    const context = JSON.parse(new TextDecoder().decode(parts.get(CONTEXT_PART))) as Context;
    const open = atOnce(findingsIn(parts))?.open.filter(({ check }) => check === CHECK) ?? [];
    all.push({ open: open.map(({ status }) => status), not_visible: context.not_visible });
    given.clock.move(5 * HOUR);
  }
  return all;
}

test("a member's root with a password is found, and the management account's is not", async () => {
  expect(await decided({}, { isManagement: true })).toEqual([
    { open: ['fail'], not_visible: [] },
    { open: [], not_visible: [] },
  ]);
});

test('the management account is found while root users are not managed centrally, and says when nobody was told', async () => {
  const why = 'central root access: iam:ListOrganizationsFeatures did not tell (denied)';
  const management = (rootAccess: Member['rootAccess'] & object): Partial<Member> => ({
    isManagement: true,
    rootAccess,
  });

  expect(
    await decided(
      management({ unknown: why }),
      management({ isManaged: false }),
      management({ unknown: why }),
      management({ isManaged: true }),
    ),
  ).toEqual([
    { open: [], not_visible: [why] },
    { open: ['fail'], not_visible: [] },
    { open: ['unknown'], not_visible: [why] },
    { open: [], not_visible: [] },
  ]);
});
