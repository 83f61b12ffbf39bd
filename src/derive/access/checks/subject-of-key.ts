import type { FindingSubject } from '../../../domain/finding.ts';
import type { KeyUses } from '../keys.ts';
import { credentialOf } from '../put.ts';

/** A key audit knows every key by its id: that is the finding's too. */
export function subjectOf({ owner: { kind, id, name }, key }: KeyUses): FindingSubject {
  return { identity: { kind, id, name }, credential: credentialOf(key) };
}
