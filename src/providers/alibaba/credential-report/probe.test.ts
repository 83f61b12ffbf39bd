import { expect, test } from 'vitest';
import { Fault } from '../../../domain/fault.ts';
import type { AlibabaApi } from '../api.ts';
import { probe } from './probe.ts';

const REFUSED = new Fault(
  'misconfigured',
  'account 1: ram:GenerateCredentialReport was refused (SomeCode, status 400)',
  {
    cause: Object.assign(new Error('no'), { code: 'SomeCode', statusCode: 400 }),
  },
);

test.each([
  ['of more than 3,500 users', 3_501, REFUSED, []],
  ['that is small enough', 3_500, REFUSED, ['ram:GenerateCredentialReport']],
  ['whose users cannot be counted', undefined, REFUSED, ['ram:GenerateCredentialReport', 'ram:GetAccountSummary']],
])('a refusal to make a report of an account %s is told, or not', async (_, users, refused, expected) => {
  const probed = await probe(apiOf({ users, refused }), new AbortController().signal);

  expect(probed.filter(({ problem }) => problem !== undefined).map(({ permission }) => permission)).toEqual(expected);
});

test('settings that are wrong are a problem of each call', async () => {
  const wrong = new Fault('misconfigured', 'account 1: was refused (InvalidAction.NotFound, status 404)');
  const api: AlibabaApi = { ...apiOf({ users: 1, refused: wrong }), users: () => Promise.reject(wrong) };

  const probed = await probe(api, new AbortController().signal);

  expect(probed.filter(({ problem }) => problem !== undefined).map(({ permission }) => permission)).toEqual([
    'ram:GenerateCredentialReport',
    'ram:ListUsers',
  ]);
});

function apiOf({ users, refused }: { readonly users: number | undefined; readonly refused: Fault }): AlibabaApi {
  return {
    identify: async () => ({ accountId: '1', principal: 'acs:ram::1:user/muster' }),
    skewMs: () => undefined,
    close: () => undefined,
    generate: () => Promise.reject(refused),
    page: async () => 'none',
    summary: async () => {
      if (users === undefined) throw new Fault('denied', 'account 1: ram:GetAccountSummary is denied');
      return { summaryMap: { users } };
    },
    users: async () => ({ users: { user: [] }, isTruncated: false }),
    principals: async () => ({ users: { user: [] }, isTruncated: false }),
    accessKeys: async () => 'gone',
    lastUsed: async () => 'gone',
    loginProfile: async () => 'gone',
    mfa: async () => 'gone',
  };
}
