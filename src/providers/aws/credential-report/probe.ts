import { problemOf } from '../../../kit/problem-of.ts';
import type { Probed } from '../../provider.ts';
import type { AwsApi } from '../api.ts';
import { OPTIONAL, REQUIRED, ROOT_MFA, USER_TAGS } from '../permissions.ts';

type Permission = (typeof REQUIRED)[number] | (typeof OPTIONAL)[number];

/** What is asked only where it is switched on. */
interface Asked {
  readonly userTags: boolean;
  readonly rootMfa: boolean;
}

/**
 * Tries each permission once, with the call itself: IAM has no dry run. Asking to generate does no harm, because within four hours of the
 * last report AWS does nothing, and after that a report is due.
 */
export async function probe(api: AwsApi, on: Asked, signal: AbortSignal): Promise<readonly Probed[]> {
  await api.identify(signal);
  const probed: Probed[] = [];
  for (const permission of [...REQUIRED, ...OPTIONAL]) {
    if ((permission === USER_TAGS && !on.userTags) || (permission === ROOT_MFA && !on.rootMfa)) continue;
    const needed = REQUIRED.some((required) => required === permission);
    probed.push({ permission, needed, problem: await problemOf(needed, () => attempt(permission, api, signal)) });
  }
  return probed;
}

async function attempt(permission: Permission, api: AwsApi, signal: AbortSignal): Promise<unknown> {
  switch (permission) {
    case 'iam:GetCredentialReport':
      return api.report(signal);
    case 'iam:GenerateCredentialReport':
      return api.generate(signal);
    case 'iam:ListUsers':
      return api.users(undefined, signal);
    case 'iam:ListAccessKeys':
      return api.accessKeys(await anyUser(api, signal), undefined, signal);
    case 'iam:ListServiceSpecificCredentials':
      return api.serviceCredentials(undefined, signal);
    case USER_TAGS:
      return api.userDetails(undefined, signal);
    case ROOT_MFA:
      return api.virtualMfa(undefined, signal);
    case 'iam:GetAccountSummary':
      return api.summary(signal);
    case 'iam:ListAccountAliases':
      return api.aliases(signal);
  }
}

/** A user that does not exist proves the permission just as well: AWS refuses before it looks. */
async function anyUser(api: AwsApi, signal: AbortSignal): Promise<string> {
  const users = await api.users(undefined, signal).catch(() => undefined);
  signal.throwIfAborted();
  return users?.Users[0]?.UserName ?? 'muster-doctor';
}
