import type { Instant } from '../../../domain/instant.ts';
import { type CredentialRecord, type Field, type ServiceCredentialRecord, valueOf } from '../../../domain/record.ts';
import type { Parts } from '../../../domain/report.ts';
import { readJson } from '../../../kit/json-bytes.ts';
import { readInstant } from '../../../kit/read-instant.ts';
import { NEVER, reason } from '../../../kit/row-reader.ts';
import { ACCOUNT_SUMMARY_PART, AccountSummaryPart } from '../../shared/account-summary.ts';
import {
  ACCESS_KEYS_PART,
  AccessKeysPart,
  byReportId,
  isSameUser,
  type ListedUsers,
  withListed,
} from '../../shared/listed-keys.ts';
import {
  ROOT_MFA_PART,
  RootMfaPart,
  SERVICE_CREDENTIALS_PART,
  ServiceCredentialsPart,
  USER_TAGS_PART,
  UserTagsPart,
} from './parts.ts';

/** What the parts beside the report tell; each is undefined when nobody asked or nobody was allowed to. */
export interface Known {
  readonly users: ListedUsers | undefined;
  readonly serviceCredentials: ReadonlyMap<string, readonly ServiceCredentialRecord[]> | undefined;
  readonly tags: ReadonlyMap<string, TaggedUser> | undefined;
  /** Without the root. */
  readonly countedUsers: number | undefined;
  readonly isRootMfaVirtual: boolean | undefined;
  readonly oddities: readonly string[];
}

export function readKnown(parts: Parts): Known {
  const oddities: string[] = [];
  const sound = <T>(name: string, part: T | 'damaged' | undefined): T | undefined => {
    if (part !== 'damaged') return part;
    oddities.push(`${name} is not understood and was left out`);
    return undefined;
  };
  const keys = sound(ACCESS_KEYS_PART, readJson(parts.get(ACCESS_KEYS_PART), AccessKeysPart));
  const service = sound(
    SERVICE_CREDENTIALS_PART,
    readJson(parts.get(SERVICE_CREDENTIALS_PART), ServiceCredentialsPart),
  );
  const tags = sound(USER_TAGS_PART, readJson(parts.get(USER_TAGS_PART), UserTagsPart));
  const rootMfa = sound(ROOT_MFA_PART, readJson(parts.get(ROOT_MFA_PART), RootMfaPart));
  const summary = sound(ACCOUNT_SUMMARY_PART, readJson(parts.get(ACCOUNT_SUMMARY_PART), AccountSummaryPart));
  return {
    users: keys && byReportId(keys.users),
    serviceCredentials: service && byUser(service),
    tags: tags && new Map(tags.users.map((user) => [user.arn, user])),
    countedUsers: summary?.users,
    isRootMfaVirtual: rootMfa?.is_virtual,
    oddities,
  };
}

export function withKnown(record: CredentialRecord, known: Known): CredentialRecord {
  if (record.identity.kind === 'root') return withRootMfa(record, known);
  const tagged = known.tags === undefined ? record : withTags(record, known.tags.get(record.identity.id));
  const withKeys = withListed(tagged, known.users);
  if (known.serviceCredentials === undefined) return withKeys;
  return { ...withKeys, serviceCredentials: known.serviceCredentials.get(record.identity.name) ?? [] };
}

type TaggedUser = UserTagsPart['users'][number];

function withTags(record: CredentialRecord, user: TaggedUser | undefined): CredentialRecord {
  if (user === undefined || !isSameUser(user, valueOf(record.identity.createdAt))) return record;
  return { ...record, tags: Object.fromEntries(user.tags.map(({ key, value }) => [key, value])) };
}

function withRootMfa(record: CredentialRecord, { isRootMfaVirtual }: Known): CredentialRecord {
  return isRootMfaVirtual === undefined ? record : { ...record, hardwareMfa: { value: !isRootMfaVirtual } };
}

function byUser(part: ServiceCredentialsPart): ReadonlyMap<string, readonly ServiceCredentialRecord[]> {
  const users = new Map<string, ServiceCredentialRecord[]>();
  for (const credential of part.credentials) {
    const ofUser = users.get(credential.user_name) ?? [];
    users.set(credential.user_name, ofUser);
    ofUser.push({
      id: credential.id,
      service: credential.service,
      active: { value: credential.status === 'Active' },
      createdAt: instantOf(credential.created),
      expiresAt: credential.expires === undefined ? NEVER : instantOf(credential.expires),
    });
  }
  return users;
}

function instantOf(text: string): Field<Instant> {
  const instant = readInstant(text);
  return instant === undefined ? reason('unknown', 'the date is not understood') : { value: instant };
}
