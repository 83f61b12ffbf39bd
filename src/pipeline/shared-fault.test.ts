import { expect, test } from 'vitest';
import { members, organized } from '../../test/kit/organization.ts';
import { testStage } from '../../test/kit/stage.ts';
import type { JobState } from '../archive/port.ts';
import { Fault } from '../domain/fault.ts';
import { collect } from './collect.ts';
import { listMembers } from './member-lists.ts';
import { sourceState } from './state.ts';

const signal = new AbortController().signal;

test('a fault of the hub is said once, blames no member, and each is tried again', async () => {
  const test = testStage();
  const given = organized(test);
  given.listed = members(3);
  await listMembers(given.stage, signal);
  const fault = new Fault('denied', 'organization main: the key is gone', { isShared: true });
  test.steps.push(fault, fault, fault);
  const outcomes = [];

  for (const { id } of members(3)) {
    test.identity = { accountId: id, principal: 'muster' };
    outcomes.push(await collect(jobOf(id), given.stage, signal));
    expect(await stateOf(id)).toBeUndefined();
  }

  expect(outcomes).toEqual(outcomes.map(() => expect.objectContaining({ do: 'again' })));
  expect(test.happenings.filter(({ kind }) => kind === 'fault')).toEqual([
    expect.objectContaining({ subject: 'organization aws/main', fault: 'denied' }),
  ]);

  async function stateOf(id: string): Promise<JobState | undefined> {
    const series = given.stage.archive.series<JobState>(sourceState(jobOf(id).source));
    return (await series.latest())?.value;
  }
});

test("a fault of the hub is the account's own where the account is in no organisation", async () => {
  const given = testStage();
  given.steps.push(new Fault('denied', 'the key is gone', { isShared: true }));

  await collect(jobOf('123456789012'), given.stage, signal);

  const series = given.stage.archive.series<JobState>(sourceState(jobOf('123456789012').source));
  expect((await series.latest())?.value).toMatchObject({ state: 'failing', fault: 'denied' });
});

function jobOf(id: string) {
  return { name: 'collect', source: `aws/${id}/credential-report`, due: 'first', attempt: 0 } as const;
}
