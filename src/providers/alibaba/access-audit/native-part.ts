import { pageKey } from '../../../kit/page-key.ts';
import { workThrough } from '../../../kit/shift.ts';
import type { Work } from '../audit/desk.ts';
import type { AuditApis } from '../audit-api.ts';
import type { Holding } from './holdings.ts';
import { askNatively, NativePage } from './native.ts';
import type { NativeSettings } from './native-settings.ts';
import { SERVICE_LINKED } from './oddities.ts';

const AT_ONCE = 3;

/** What Alibaba Cloud's own audit says of each identity, where it is configured; or what is still to be asked for. */
export async function askNative(
  holdings: readonly Holding[],
  { ram, generic }: AuditApis,
  settings: NativeSettings | undefined,
  work: Work,
): Promise<readonly (NativePage | undefined)[] | string> {
  const answers: (NativePage | undefined)[] = holdings.map(() => undefined);
  if (settings === undefined) return answers;
  const api = generic(settings.endpoint, settings.version);
  const parts = { api, settings, work, signer: () => ram.signer(work.signal) };
  const left = await workThrough(holdings, AT_ONCE, work.shift, async ({ listed, held = [] }, index) => {
    if (SERVICE_LINKED.test(listed.name)) return 'done';
    const { kind, id, name } = listed;
    const arn = kind === 'role' ? id : `acs:ram::${work.desk.accountId}:user/${name}`;
    const policies = held.map(({ policy }) => policy.name);
    answers[index] = await work.pages.take(pageKey('native', index + 1), NativePage, () =>
      askNatively(arn, policies, parts),
    );
    return 'done';
  });
  return left > 0 ? `Alibaba Cloud's own audits of ${left} identities` : answers;
}
