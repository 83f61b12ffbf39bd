import { describe, expect, test } from 'vitest';
import { memoryAttempt } from '../../../../test/kit/memory-attempt.ts';
import { movableClock } from '../../../../test/kit/movable-clock.ts';
import { systemClock } from '../../../kit/clock.ts';
import { AccountsAnswer, CollaboratorsAnswer, UsersAnswer } from '../answers.ts';
import type { CamApi } from '../api.ts';
import { Settings } from '../settings.ts';
import { askerOf } from './asking.ts';
import { deskOf } from './desk.ts';
import { listPeople } from './listing.ts';
import { pagesOf } from './pages.ts';

const ID = '100000000001';

function listing(api: Partial<CamApi>, site: 'mainland' | 'international' = 'mainland') {
  const settings = Settings.parse({ site, max_rps: 100 });
  const desk = deskOf({ accountId: ID, settings, clock: systemClock(), observe: () => undefined });
  const asker = askerOf(desk, movableClock(), new AbortController().signal);
  return listPeople(api as CamApi, pagesOf(memoryAttempt(0), ID), asker);
}

function accounts(names: readonly string[], more: object = {}): AccountsAnswer {
  const Users = names.map((Name, index) => ({ Uin: index + 1, Name, UserType: 'SubUser' }));
  return AccountsAnswer.parse({ Users, ...more });
}

describe('ListAccounts', () => {
  test('is read to its end', async () => {
    const pages = new Map([
      [undefined, accounts(['ann'], { IsTruncated: true, Marker: 'm' })],
      ['m', accounts(['ben'], { IsTruncated: false, Marker: '' })],
    ]);

    const { people, way } = await listing({ accounts: async (marker) => pages.get(marker)! });

    expect(way).toBe('accounts');
    expect(people.map(({ Name }) => Name)).toEqual(['ann', 'ben']);
  });

  test('that repeats a page is not read for ever', async () => {
    const again = listing({ accounts: async () => accounts(['ann'], { IsTruncated: true, Marker: 'm' }) });

    await expect(again).rejects.toMatchObject({
      kind: 'malformed',
      message: expect.stringContaining('repeats a page') as string,
    });
  });

  test('that is cut without a marker is no whole list', async () => {
    const cut = listing({ accounts: async () => accounts(['ann'], { IsTruncated: true }) });

    await expect(cut).rejects.toMatchObject({ kind: 'unreachable' });
  });

  test('takes 0 for no account id, as the documentation prints it', async () => {
    const answer = AccountsAnswer.parse({
      Users: [{ Uin: 0, Uid: 906949110, Name: 'alerts', UserType: 'MessageReceiver' }],
    });

    const { people } = await listing({ accounts: async () => answer });

    expect(people).toEqual([{ Uid: 906949110, Name: 'alerts', UserType: 'MessageReceiver' }]);
  });
});

describe('the older lists', () => {
  const users = async () => UsersAnswer.parse({ Data: [{ Uin: 1, Name: 'ann' }] });

  test('are read page by page, and null is an empty list', async () => {
    const page = (offset: number) =>
      Array.from({ length: Math.min(20, 25 - offset) }, (_, index) => ({
        Uin: 100 + offset + index,
        Name: `c${offset + index}`,
      }));
    const whole = await listing(
      { users, collaborators: async (offset) => CollaboratorsAnswer.parse({ Data: page(offset), TotalNum: 25 }) },
      'international',
    );
    const none = await listing(
      { users, collaborators: async () => CollaboratorsAnswer.parse({ Data: null, TotalNum: 0 }) },
      'international',
    );

    expect(whole.people).toHaveLength(26);
    expect(none.people).toHaveLength(1);
    expect(none.missing.map(({ code }) => code)).toEqual(['site', 'site']);
  });

  test('that promise more than they give are not taken for whole', async () => {
    const short = listing(
      { users, collaborators: async () => CollaboratorsAnswer.parse({ Data: [], TotalNum: 3 }) },
      'international',
    );

    await expect(short).rejects.toMatchObject({ kind: 'unreachable' });
  });
});
