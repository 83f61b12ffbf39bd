import { z } from 'zod';
import { Fault, type FaultKind } from '../../../domain/fault.ts';
import { type Asker, ask, insist, type Told } from '../../../kit/asking.ts';
import type { LoginProfileAnswer, PrincipalsAnswer } from '../answers.ts';
import type { ReportApi } from '../api.ts';
import { isOfStaleCredentials } from '../faults.ts';
import { listedKeys, secondOf } from './key-list.ts';
import { userNameOf } from './row.ts';

const Untold = z.object({ untold: z.enum(['denied', 'misconfigured', 'malformed']) });
type Untold = z.infer<typeof Untold>;

const AnsweredKey = z.object({
  id: z.string(),
  created: z.string(),
  status: z.string(),
  last_used: z.union([z.string(), Untold]),
});

/** All that was asked about one user; personal data was left behind. */
export const UserAnswers = z.object({
  name: z.string(),
  user_id: z.string(),
  created: z.string(),
  last_login: z.string(),
  /** `none`: the user has no console login. */
  profile: z.union([z.literal('none'), z.object({ status: z.string(), updated: z.string() }), Untold]),
  mfa: z.union([z.boolean(), z.literal('not asked'), Untold]),
  keys: z.array(AnsweredKey),
  asked_at: z.string(),
});
export type UserAnswers = z.infer<typeof UserAnswers>;

type Principal = PrincipalsAnswer['users']['user'][number];

/** Who asks about users, and which of the calls were refused: those are not tried for each user. */
export interface Interview {
  readonly api: ReportApi;
  readonly asker: Asker;
  readonly refused: Set<string>;
  now(): string;
}

/** Undefined when the user is gone. Without the keys there is no telling who holds what: then the whole report fails. */
export async function askUser(principal: Principal, interview: Interview): Promise<UserAnswers | undefined> {
  const { api, asker } = interview;
  const { signal } = asker;
  const principalName = principal.userPrincipalName;
  const name = userNameOf(principalName);
  const keys = insist(await ask(() => api.accessKeys(name, signal), asker));
  if (keys === 'gone') return undefined;
  const profile = await orUntold('GetLoginProfile', interview, () => api.loginProfile(principalName, signal));
  if (profile === 'gone') return undefined;
  const hasConsole = profile !== 'none' && !isUntold(profile);
  const mfa = hasConsole
    ? await orUntold('GetUserMFAInfo', interview, () => api.mfa(principalName, signal))
    : ('not asked' as const);
  const answered: UserAnswers['keys'] = [];
  for (const key of listedKeys(keys.accessKeys.accessKey)) {
    const used = await orUntold('GetAccessKeyLastUsed', interview, () => api.lastUsed(name, key.id, signal));
    // A key that went away since it was listed is not there.
    if (used === 'gone') continue;
    answered.push({ ...key, last_used: isUntold(used) ? used : instantText(used.accessKeyLastUsed.lastUsedDate) });
  }
  return {
    name: principalName,
    user_id: principal.userId,
    created: secondOf(principal.createDate),
    last_login: instantText(
      hasConsole ? (profile.loginProfile.lastLoginTime ?? principal.lastLoginDate) : principal.lastLoginDate,
    ),
    profile: hasConsole ? profileOf(profile) : profile,
    mfa: mfaOf(mfa),
    keys: answered,
    asked_at: interview.now(),
  };
}

function profileOf({ loginProfile: { status, updateDate } }: LoginProfileAnswer) {
  return { status: status ?? 'Active', updated: instantText(updateDate) };
}

type Mfa = Awaited<ReturnType<ReportApi['mfa']>> | Untold | 'not asked';

function mfaOf(mfa: Mfa): UserAnswers['mfa'] {
  if (mfa === 'not asked' || isUntold(mfa)) return mfa;
  if (mfa === 'none' || mfa === 'gone') return false;
  return mfa.isMFAEnable || (mfa.MFADevice?.serialNumber ?? '') !== '';
}

/** A call that is not allowed is not tried again; one that the cloud cannot answer for this user is one untold cell. */
async function orUntold<T>(action: string, { asker, refused }: Interview, call: () => Promise<T>): Promise<T | Untold> {
  if (refused.has(action)) return { untold: 'denied' };
  const answer: Told<T> = await ask(call, asker);
  if ('told' in answer) return answer.told;
  const untold = isOfStaleCredentials(answer.fault) ? undefined : untoldBy(answer.fault.kind);
  if (untold === undefined) throw answer.fault;
  if (untold === 'denied') refused.add(action);
  return { untold };
}

/** What will be better later is not taken for an answer. */
function untoldBy(kind: FaultKind): Untold['untold'] | undefined {
  return kind === 'throttled' || kind === 'unreachable' ? undefined : kind;
}

export function isUntold(answer: unknown): answer is Untold {
  return typeof answer === 'object' && answer !== null && 'untold' in answer;
}

/** ISO, or milliseconds since 1970 in digits; a hyphen, as the report writes it, where it never happened. */
function instantText(text: string | undefined): string {
  if (text === undefined || text === '' || text === '0') return '-';
  if (!/^\d{12,14}$/.test(text)) return secondOf(text);
  return secondOf(new Date(Math.floor(Number(text) / 1_000) * 1_000).toISOString().replace('.000Z', 'Z'));
}

/** Kept answers that are not ours would end up in a report. */
export function damaged(key: string, accountId: string): Fault {
  return new Fault('malformed', `account ${accountId}: the kept answers ${key} are damaged`);
}
