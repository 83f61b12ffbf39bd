import type { ParsedReport, Part, RawReport } from '../../../domain/report.ts';
import { readJson, writeJson } from '../../../kit/json-bytes.ts';
import { sayMissing, sayThere } from '../../../kit/say-once.ts';
import { inTurns } from '../../../kit/steps.ts';
import type { Look } from '../../provider.ts';
import { addSummary } from '../../shared/account-summary.ts';
import { type Before, listKeys } from '../../shared/key-list.ts';
import { ACCESS_KEYS_PART, AccessKeysPart } from '../../shared/listed-keys.ts';
import type { ReportApi } from '../api.ts';
import { askerOf, type Desk } from './desk.ts';
import { keyLister } from './key-list.ts';
import { countUsers } from './lists.ts';
import { type Missing, notVisible } from './not-visible.ts';
import { parseReport } from './parse.ts';
import { REPORT_PART, SYNTHESIS_PART } from './parts.ts';

/** The report, and what is asked beside it. None of that can fail the report; what is missing is said. */
export async function gather(
  bytes: Uint8Array,
  api: ReportApi,
  desk: Desk,
  look: Look,
): Promise<Pick<RawReport, 'parts' | 'notVisible'>> {
  const parts: Part[] = [{ name: REPORT_PART, bytes }];
  const current = await inTurns(parseReport(new Map([[REPORT_PART, bytes]])));
  const off = desk.keyIds ? undefined : 'off';
  // A table that is not whole goes to quarantine: what it would need beside it is not worth a call.
  if (current.defects.length > 0) return { parts, notVisible: notVisible({ keyIds: off }) };
  const summary = await addSummary(parts, () => countUsers(api, look.signal), desk, askerOf(desk, look));
  const keyIds = off ?? (await addKeys(parts, current, api, desk, look));
  return { parts, notVisible: notVisible({ keyIds, summary }) };
}

async function addKeys(
  parts: Part[],
  current: ParsedReport,
  api: ReportApi,
  desk: Desk,
  look: Look,
): Promise<Missing['keyIds']> {
  const what = 'access key ids are not known';
  const { part, fault, unasked } = await listKeys(current, await readBefore(look), keyLister(api, desk, look));
  if (part !== undefined) parts.push({ name: ACCESS_KEYS_PART, bytes: writeJson(part) });
  if (fault === undefined) {
    sayThere(what, desk);
    return undefined;
  }
  sayMissing(what, fault.message, desk);
  const action = part === undefined ? 'ram:ListUsers' : 'ram:ListAccessKeys';
  return { fault: fault.kind, action, users: unasked };
}

/** A head whose parts cannot be read saves no calls, and costs nothing else here. */
export async function readBefore(look: Look): Promise<Before | undefined> {
  if (look.head === undefined) return undefined;
  try {
    const wanted = new Set([REPORT_PART, ACCESS_KEYS_PART, SYNTHESIS_PART]);
    const names = look.head.manifest.parts.map((part) => part.name);
    const parts = await look.headParts(names.filter((name) => wanted.has(name)));
    const part = readJson(parts.get(ACCESS_KEYS_PART), AccessKeysPart);
    const parsed = await inTurns(parseReport(new Map([...parts].filter(([name]) => name !== ACCESS_KEYS_PART))));
    return { parsed, part: part === 'damaged' ? undefined : part };
  } catch {
    look.signal.throwIfAborted();
    return undefined;
  }
}
