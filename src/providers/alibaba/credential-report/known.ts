import type { z } from 'zod';
import type { Instant } from '../../../domain/instant.ts';
import { type CredentialRecord, valueOf } from '../../../domain/record.ts';
import type { Parts } from '../../../domain/report.ts';
import { readJson } from '../../../kit/json-bytes.ts';
import { readInstant } from '../../../kit/read-instant.ts';
import { withKeyIds } from './key-ids.ts';
import {
  ACCESS_KEYS_PART,
  ACCOUNT_SUMMARY_PART,
  AccessKeysPart,
  AccountSummaryPart,
  type ListedUser,
  SYNTHESIS_PART,
} from './parts.ts';

/** What the parts beside the report tell; each is undefined when nobody asked or nobody was allowed to. */
export interface Known {
  /** By user name. */
  readonly users: ReadonlyMap<string, ListedUser> | undefined;
  readonly isSynthesised: boolean;
  readonly population: number | undefined;
  readonly oddities: readonly string[];
}

export function readKnown(parts: Parts): Known {
  const oddities: string[] = [];
  const read = <T>(name: string, schema: z.ZodType<T>): T | undefined => {
    const part = readJson(parts.get(name), schema);
    if (part !== 'damaged') return part;
    oddities.push(`${name} is not understood and was left out`);
    return undefined;
  };
  const keys = read(ACCESS_KEYS_PART, AccessKeysPart);
  const summary = read(ACCOUNT_SUMMARY_PART, AccountSummaryPart);
  return {
    users: keys && new Map(keys.users.map((user) => [user.name, user])),
    isSynthesised: parts.has(SYNTHESIS_PART),
    // The summary does not count the root, which has a row.
    population: summary && summary.users + 1,
    oddities,
  };
}

/** A user that was deleted and made again under the same name is somebody else: names and dates must both agree. */
export function isSameUser(user: ListedUser, createdAt: Instant | undefined): boolean {
  const listedAt = readInstant(user.created);
  return createdAt !== undefined && listedAt !== undefined && Math.abs(listedAt - createdAt) <= 1_000;
}

export function withKnown(record: CredentialRecord, known: Known): CredentialRecord {
  if (record.identity.kind === 'root') return record;
  const user = known.users?.get(record.identity.id);
  if (user === undefined || !isSameUser(user, valueOf(record.identity.createdAt))) return record;
  return {
    ...record,
    identity: { ...record.identity, uniqueId: user.user_id },
    accessKeys: user.keys === undefined ? record.accessKeys : withKeyIds(record.accessKeys, user.keys),
  };
}
