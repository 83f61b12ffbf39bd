import type { z } from 'zod';
import type { CredentialRecord } from '../../../domain/record.ts';
import type { Parts } from '../../../domain/report.ts';
import { readJson } from '../../../kit/json-bytes.ts';
import { ACCOUNT_SUMMARY_PART, AccountSummaryPart } from '../../shared/account-summary.ts';
import {
  ACCESS_KEYS_PART,
  AccessKeysPart,
  byReportId,
  type ListedUsers,
  withListed,
} from '../../shared/listed-keys.ts';
import { SYNTHESIS_PART } from './parts.ts';

/** What the parts beside the report tell; each is undefined when nobody asked or nobody was allowed to. */
export interface Known {
  readonly users: ListedUsers | undefined;
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
    users: keys && byReportId(keys.users),
    isSynthesised: parts.has(SYNTHESIS_PART),
    // The summary does not count the root, which has a row.
    population: summary && summary.users + 1,
    oddities,
  };
}

export function withKnown(record: CredentialRecord, { users }: Known): CredentialRecord {
  return record.identity.kind === 'root' ? record : withListed(record, users);
}
