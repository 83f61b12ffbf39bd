import { Fault } from '../../../domain/fault.ts';
import { problemOf } from '../../../kit/problem-of.ts';
import type { Probed } from '../../provider.ts';
import type { AlibabaApi } from '../api.ts';
import { isRefusal } from '../faults.ts';
import { OPTIONAL, type Permission, REQUIRED } from '../permissions.ts';
import { MOST_USERS } from './kind.ts';

/**
 * Tries each permission once, with the call itself: RAM has no dry run. Asking to generate does no harm, because within four hours of the
 * last report the cloud does nothing, and after that a report is due.
 */
export async function probe(api: AlibabaApi, signal: AbortSignal): Promise<readonly Probed[]> {
  await api.identify(signal);
  const probed: Probed[] = [];
  for (const permission of [...REQUIRED, ...OPTIONAL]) {
    const needed = REQUIRED.some((required) => required === permission);
    probed.push({ permission, needed, problem: await problemOf(needed, () => attempt(permission, api, signal)) });
  }
  return probed;
}

async function attempt(permission: Permission, api: AlibabaApi, signal: AbortSignal): Promise<unknown> {
  switch (permission) {
    case 'ram:GenerateCredentialReport':
      return generate(api, signal);
    case 'ram:GetCredentialReport':
      return api.page(undefined, signal);
    case 'ram:GetAccountSummary':
      return api.summary(signal);
    case 'ram:ListUsers':
      return api.users(undefined, signal);
    case 'ram:ListAccessKeys':
      return api.accessKeys(NOBODY, signal);
    case 'ram:GetLoginProfile':
      return api.loginProfile(`${NOBODY}@example.onaliyun.com`, signal);
    case 'ram:GetUserMFAInfo':
      return api.mfa(`${NOBODY}@example.onaliyun.com`, signal);
    case 'ram:GetAccessKeyLastUsed':
      return api.lastUsed(NOBODY, 'LTAI0000000000000000', signal);
  }
}

/** Above 3,500 users the cloud refuses to make a report, and that says nothing against the permission. Any other refusal does. */
async function generate(api: AlibabaApi, signal: AbortSignal): Promise<unknown> {
  try {
    return await api.generate(signal);
  } catch (fault) {
    signal.throwIfAborted();
    if (!(fault instanceof Fault) || fault.kind !== 'misconfigured' || !isRefusal(fault)) throw fault;
    const summary = await api.summary(signal).catch(() => undefined);
    if ((summary?.summaryMap.users ?? 0) > MOST_USERS) return undefined;
    throw fault;
  }
}

/** A user that does not exist proves the permission just as well: the cloud refuses before it looks. */
const NOBODY = 'muster-doctor';
