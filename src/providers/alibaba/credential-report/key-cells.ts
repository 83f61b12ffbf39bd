import { type CredentialRecord, valueOf } from '../../../domain/record.ts';
import type { ParsedReport } from '../../../domain/report.ts';

/** What of a row tells that its keys are still those that were listed. Their use does not matter. */
export function keyDigest({ identity, accessKeys }: CredentialRecord): string {
  // Slots are not stable: their order takes no part.
  const keys = accessKeys.map((key) => `${valueOf(key.createdAt)} ${valueOf(key.active)}`);
  return JSON.stringify([valueOf(identity.createdAt), keys.sort()]);
}

export function keyDigests(parsed: ParsedReport): ReadonlyMap<string, string> {
  return new Map(parsed.records.map((record) => [record.identity.id, keyDigest(record)]));
}

/** Whether the two reports have the same users, each made at the same time. */
export function hasSameUsers(current: ParsedReport, before: ParsedReport): boolean {
  const madeAt = new Map(before.records.map(({ identity }) => [identity.id, valueOf(identity.createdAt)]));
  if (madeAt.size !== current.records.length) return false;
  return current.records.every(
    ({ identity }) => madeAt.has(identity.id) && madeAt.get(identity.id) === valueOf(identity.createdAt),
  );
}
