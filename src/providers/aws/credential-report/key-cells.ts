import { type CredentialRecord, valueOf } from '../../../domain/record.ts';
import type { ParsedReport } from '../../../domain/report.ts';
import { EXTRA_COLUMN } from './columns.ts';

export interface KeyCells {
  /** Changes when a key is made, deleted, switched on or off, or when the user is another one of the same name. */
  readonly digest: string;
  readonly hasKeys: boolean;
}

/** By ARN: what of a row tells that its keys are still those that were listed. Their use does not matter. */
export function keyCells(parsed: ParsedReport): ReadonlyMap<string, KeyCells> {
  const additionalAt = parsed.columns.indexOf(EXTRA_COLUMN);
  return new Map(
    parsed.records.map((record) => [record.identity.id, cellsOf(record, record.cells[additionalAt] ?? '')]),
  );
}

function cellsOf(record: CredentialRecord, additional: string): KeyCells {
  const keys = record.accessKeys.map((key) => [valueOf(key.createdAt), valueOf(key.active)]);
  const hasMore = additional !== '' && additional !== 'N/A' && additional !== 'not_supported';
  return {
    digest: JSON.stringify([valueOf(record.identity.createdAt), keys, hasMore ? additional : '']),
    hasKeys: keys.length > 0 || hasMore,
  };
}

/** Whether the two reports have the same users, each made at the same time. */
export function hasSameUsers(current: ParsedReport, before: ParsedReport): boolean {
  const madeAt = new Map(before.records.map(({ identity }) => [identity.id, valueOf(identity.createdAt)]));
  if (madeAt.size !== current.records.length) return false;
  return current.records.every(
    ({ identity }) => madeAt.has(identity.id) && madeAt.get(identity.id) === valueOf(identity.createdAt),
  );
}
