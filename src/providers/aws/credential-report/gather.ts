import { formatInstant } from '../../../domain/instant.ts';
import type { ParsedReport, Part, RawReport } from '../../../domain/report.ts';
import { ask } from '../../../kit/asking.ts';
import { readJson, writeJson } from '../../../kit/json-bytes.ts';
import { sayMissing, sayThere } from '../../../kit/say-once.ts';
import { inTurns } from '../../../kit/steps.ts';
import { formatSecond } from '../../../kit/whole-second.ts';
import type { Look } from '../../provider.ts';
import { addSummary } from '../../shared/account-summary.ts';
import { type Before, listKeys } from '../../shared/key-list.ts';
import { ACCESS_KEYS_PART, AccessKeysPart } from '../../shared/listed-keys.ts';
import type { IamApi } from '../api.ts';
import { type Alias, askerOf, type Desk } from './desk.ts';
import { keyLister } from './key-list.ts';
import { askList } from './lists.ts';
import { type Missing, notVisible } from './not-visible.ts';
import { parseReport } from './parse.ts';
import { REPORT_PART, SERVICE_CREDENTIALS_PART, type ServiceCredentialsPart } from './parts.ts';
import { addRootMfa } from './root-mfa.ts';
import { addUserTags } from './user-tags.ts';

export type Gathered = Pick<RawReport, 'parts' | 'notVisible' | 'cloudName'>;

/** The report, and what is asked beside it. None of that can fail the report; what is missing is said. */
export async function gather(bytes: Uint8Array, api: IamApi, desk: Desk, look: Look): Promise<Gathered> {
  const parts: Part[] = [{ name: REPORT_PART, bytes }];
  const current = await inTurns(parseReport(new Map([[REPORT_PART, bytes]])));
  const missing: Missing = {
    keyIds: desk.keyIds ? undefined : 'off',
    serviceCredentials: desk.keyIds ? undefined : 'off',
    userTags: undefined,
    rootMfa: undefined,
  };
  // A table that is not whole goes to quarantine: what it would need beside it is not worth a call.
  if (current.defects.length > 0) return { parts, notVisible: notVisible(missing) };
  missing.summary = await addSummary(
    parts,
    async () => (await api.summary(look.signal)).SummaryMap.Users,
    desk,
    askerOf(desk, look),
  );
  if (desk.keyIds) {
    missing.keyIds = await addKeys(parts, current, api, desk, look);
    missing.serviceCredentials = await addServiceCredentials(parts, api, desk, look);
  }
  if (desk.userTags) missing.userTags = await addUserTags(parts, api, desk, look);
  if (desk.rootMfa) missing.rootMfa = await addRootMfa(parts, current, api, desk, look);
  const { name: cloudName, fault } = await alias(api, desk, look);
  missing.alias = fault;
  return { parts, notVisible: notVisible(missing), ...(cloudName === undefined ? {} : { cloudName }) };
}

async function addKeys(
  parts: Part[],
  current: ParsedReport,
  api: IamApi,
  desk: Desk,
  look: Look,
): Promise<Missing['keyIds']> {
  const what = 'access key ids are not known';
  const listed = await listKeys(current, await readBefore(look), keyLister(api, desk, look));
  if (listed.part !== undefined) parts.push({ name: ACCESS_KEYS_PART, bytes: writeJson(listed.part) });
  if (listed.fault === undefined) {
    sayThere(what, desk);
    return undefined;
  }
  sayMissing(what, listed.fault.message, desk);
  const action = listed.part === undefined ? 'iam:ListUsers' : 'iam:ListAccessKeys';
  return { fault: listed.fault.kind, action, users: listed.unasked };
}

/** A head whose parts cannot be read saves no calls, and costs nothing else here. */
async function readBefore(look: Look): Promise<Before | undefined> {
  if (look.head === undefined) return undefined;
  try {
    const names = look.head.manifest.parts.map((part) => part.name);
    const parts = await look.headParts(names.filter((name) => name === REPORT_PART || name === ACCESS_KEYS_PART));
    const part = readJson(parts.get(ACCESS_KEYS_PART), AccessKeysPart);
    const csv = new Map([...parts].filter(([name]) => name === REPORT_PART));
    return { parsed: await inTurns(parseReport(csv)), part: part === 'damaged' ? undefined : part };
  } catch {
    look.signal.throwIfAborted();
    return undefined;
  }
}

async function addServiceCredentials(
  parts: Part[],
  api: IamApi,
  desk: Desk,
  look: Look,
): Promise<Missing['serviceCredentials']> {
  const what = 'service-specific credentials are not known';
  const pages = await askList((marker) => api.serviceCredentials(marker, look.signal), desk, askerOf(desk, look));
  if ('fault' in pages) {
    sayMissing(what, pages.fault.message, desk);
    return { fault: pages.fault.kind };
  }
  sayThere(what, desk);
  const credentials = pages.told.flatMap((page) =>
    page.ServiceSpecificCredentials.map((credential) => ({
      user_name: credential.UserName,
      id: credential.ServiceSpecificCredentialId,
      service: credential.ServiceName,
      status: credential.Status,
      created: formatSecond(credential.CreateDate.getTime()),
      ...(credential.ExpirationDate === undefined
        ? {}
        : { expires: formatSecond(credential.ExpirationDate.getTime()) }),
    })),
  );
  credentials.sort((a, b) => (a.id < b.id ? -1 : 1));
  const part: ServiceCredentialsPart = { version: 1, asked_at: formatInstant(look.clock.now()), credentials };
  parts.push({ name: SERVICE_CREDENTIALS_PART, bytes: writeJson(part) });
  return undefined;
}

/** A name is a courtesy: once refused it is not asked for again. */
async function alias(api: IamApi, desk: Desk, look: Look): Promise<Alias> {
  if (desk.alias !== undefined) return desk.alias;
  const aliases = await ask(() => api.aliases(look.signal), askerOf(desk, look));
  const alias: Alias =
    'told' in aliases ? { name: aliases.told.AccountAliases[0] } : { name: undefined, fault: aliases.fault.kind };
  if ('fault' in aliases) sayMissing("the account's alias is not known", aliases.fault.message, desk);
  if (alias.fault === undefined || alias.fault === 'denied' || alias.fault === 'misconfigured') desk.alias = alias;
  return alias;
}
