import { Fault } from '../../../domain/fault.ts';
import type { Probed } from '../../provider.ts';
import type { TencentApi } from '../api.ts';
import { codeBehind, isNotAllowed } from '../faults.ts';
import type { Desk } from './desk.ts';

/** An account id and a key that nobody has: a permission is judged before they are looked for. */
const NOBODY = 100_000_000_001;
const NO_KEY = 'AKIDmusterdoctor';

interface Trial {
  readonly permission: string;
  readonly isMainlandOnly?: true;
  attempt(api: TencentApi, uin: number, signal: AbortSignal): Promise<unknown>;
}

const TRIALS: readonly Trial[] = [
  {
    permission: 'cam:ListAccounts',
    isMainlandOnly: true,
    attempt: (api, _, signal) => api.accounts(undefined, signal),
  },
  { permission: 'cam:ListUsers', attempt: (api, _, signal) => api.users(signal) },
  { permission: 'cam:ListCollaborators', attempt: (api, _, signal) => api.collaborators(0, signal) },
  {
    permission: 'cam:ListWeChatWorkSubAccounts',
    isMainlandOnly: true,
    attempt: (api, _, signal) => api.weComUsers(0, signal),
  },
  { permission: 'cam:ListReceiver', isMainlandOnly: true, attempt: (api, _, signal) => api.receivers(0, signal) },
  { permission: 'cam:DescribeSubAccounts', attempt: (api, uin, signal) => api.subAccounts([uin], signal) },
  { permission: 'cam:ListAccessKeys', attempt: (api, uin, signal) => api.accessKeys(uin, signal) },
  { permission: 'cam:GetSecurityLastUsed', attempt: (api, _, signal) => api.lastUsed([NO_KEY], signal) },
  { permission: 'cam:DescribeSafeAuthFlagColl', attempt: (api, uin, signal) => api.safeAuth(uin, signal) },
  { permission: 'cam:GetAccountSummary', attempt: (api, _, signal) => api.summary(signal) },
];

/** Tries each permission once, with the call itself: CAM has no dry run. All of them only read. */
export async function probe(api: TencentApi, desk: Desk, signal: AbortSignal): Promise<readonly Probed[]> {
  await api.identify(signal);
  const uin = (await someUser(api, desk, signal)) ?? NOBODY;
  const probed: Probed[] = [{ permission: 'sts:GetCallerIdentity', needed: true, problem: undefined }];
  let hasAccounts = false;
  for (const trial of TRIALS.filter(({ isMainlandOnly }) => desk.site === 'mainland' || isMainlandOnly !== true)) {
    const { permission } = trial;
    const problem = await problemOf(trial, api, desk, uin, signal);
    if (permission === 'cam:ListAccounts') hasAccounts = problem === undefined;
    const needed = permission === 'cam:ListAccessKeys' || (permission === 'cam:ListUsers' && !hasAccounts);
    probed.push({ permission, needed, problem });
  }
  return probed;
}

async function someUser(api: TencentApi, desk: Desk, signal: AbortSignal): Promise<number | undefined> {
  await desk.pace('cam:ListUsers')(signal);
  const users = await api.users(signal).catch(() => undefined);
  signal.throwIfAborted();
  return users?.Data.find(({ Uin }) => Uin !== undefined)?.Uin;
}

/** Any answer of Tencent's but "not allowed" proves the permission. An action that this site does not have is no problem: there are others. */
async function problemOf(
  trial: Trial,
  api: TencentApi,
  desk: Desk,
  uin: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  await desk.pace(trial.permission)(signal);
  try {
    await trial.attempt(api, uin, signal);
    return undefined;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const code = codeBehind(error);
    if (code === undefined || error.kind === 'throttled') throw error;
    return isNotAllowed(code) || error.kind === 'denied' ? error.message : undefined;
  }
}
