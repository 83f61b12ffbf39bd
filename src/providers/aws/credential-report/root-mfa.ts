import { formatInstant } from '../../../domain/instant.ts';
import { valueOf } from '../../../domain/record.ts';
import type { ParsedReport, Part } from '../../../domain/report.ts';
import { writeJson } from '../../../kit/json-bytes.ts';
import { sayMissing, sayThere } from '../../../kit/say-once.ts';
import type { Look } from '../../provider.ts';
import type { IamApi } from '../api.ts';
import { askerOf, type Desk } from './desk.ts';
import { askList } from './lists.ts';
import type { Missing } from './not-visible.ts';
import { ROOT_MFA_PART, type RootMfaPart } from './parts.ts';

const ROOT_DEVICE = ':mfa/root-account-mfa-device';

/** Of a root without MFA there is nothing to ask. A device of the root is the root's by its owner, or by the name that the console gives it. */
export async function addRootMfa(
  parts: Part[],
  current: ParsedReport,
  api: IamApi,
  desk: Desk,
  look: Look,
): Promise<Missing['rootMfa']> {
  const root = current.records.find(({ identity }) => identity.kind === 'root');
  if (root === undefined || valueOf(root.mfa) !== true) return undefined;
  const what = 'whether the MFA device of the root is a virtual one is not known';
  const pages = await askList((marker) => api.virtualMfa(marker, look.signal), desk, askerOf(desk, look));
  if ('fault' in pages) {
    sayMissing(what, pages.fault.message, desk);
    return { fault: pages.fault.kind };
  }
  sayThere(what, desk);
  const is_virtual = pages.told
    .flatMap((page) => page.VirtualMFADevices)
    .some(({ SerialNumber, User }) => User?.Arn === root.identity.id || SerialNumber.endsWith(ROOT_DEVICE));
  const part: RootMfaPart = { version: 1, asked_at: formatInstant(look.clock.now()), is_virtual };
  parts.push({ name: ROOT_MFA_PART, bytes: writeJson(part) });
  return undefined;
}
