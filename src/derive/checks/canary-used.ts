import type { Instant } from '../../domain/instant.ts';
import type { AccessKeyRecord, CredentialRecord, Field } from '../../domain/record.ts';
import type { Rule } from '../../domain/rules.ts';
import { isLike } from '../../kit/glob.ts';
import { isMeant } from '../exceptions.ts';
import type { Answer } from './answer.ts';
import type { Check, Verdict } from './check.ts';
import { NONE, verdictOn, verdictsOnKeys } from './verdicts.ts';

/** Off until some are named: credentials that nobody has a reason to use. Where a key's id is not told, nothing is said of the key. */
export const canaryUsed: Check = {
  id: 'canary.used',
  title: 'A canary was used',
  remediation: 'Take it for an intrusion: find in the audit trail who used the canary and from where, then replace it.',
  controls: {},
  defaults: { enabled: false, severity: 'critical', thresholds: {}, lists: { identities: [], keys: [] } },
  judge(record: CredentialRecord, generatedAt: Instant, { lists = {} }: Rule): readonly Verdict[] {
    const { identities = [], keys = [] } = lists;
    const isNamed = identities.some((pattern) => isMeant(pattern, record.identity));
    if (!isNamed && keys.length === 0) return NONE;
    return [
      ...(isNamed ? verdictOn(record, generatedAt, wasUsed(record.console.lastUsedAt)) : NONE),
      ...verdictsOnKeys(record, generatedAt, (key) => (isNamed ? wasUsed(key.lastUsedAt) : wasNamedAndUsed(key, keys))),
    ];
  },
};

function wasNamedAndUsed({ id, lastUsedAt }: AccessKeyRecord, keys: readonly string[]): Answer {
  if (id === undefined) return 'unknown';
  return keys.some((pattern) => isLike(id, pattern)) ? wasUsed(lastUsedAt) : 'no';
}

function wasUsed(lastUsedAt: Field<Instant>): Answer {
  if ('value' in lastUsedAt) return 'yes';
  return lastUsedAt.reason === 'unknown' ? 'unknown' : 'no';
}
