import type { Instant } from '../../domain/instant.ts';
import type { CredentialRecord } from '../../domain/record.ts';
import { type Check, isUser, type Scene, type Verdict } from './check.ts';
import { NONE, verdictOn } from './verdicts.ts';

const USUAL = 2;
/** Of AWS: not empty where there are credentials that the other columns do not show. */
const ADDITIONAL = 'additional_credentials_info';
/** Of users who have none; AWS documents no word for it. */
const NONE_TOLD = /^(?:|N\/A|not_supported|no_information|0\b.*)$/s;

/** Of some users old accounts have more than the two that a user may have today. */
export const userKeyExtra: Check = {
  id: 'user.key.extra',
  title: 'A user has more keys or certificates than the usual two',
  remediation: 'Delete the keys and certificates that nothing uses: a report shows only two of each in full.',
  controls: {},
  defaults: { enabled: true, severity: 'informational', thresholds: {} },
  judge(record: CredentialRecord, generatedAt: Instant, _rule: unknown, { columns }: Scene): readonly Verdict[] {
    if (!isUser(record)) return NONE;
    const { accessKeys, certificates, cells } = record;
    const isFurther = accessKeys.some(({ slot }) => slot > USUAL);
    const hasMore = isFurther || accessKeys.length > USUAL || certificates.length > USUAL;
    const told = columns.indexOf(ADDITIONAL);
    const isTold = told !== -1 && !NONE_TOLD.test(cells[told]?.trim() ?? '');
    return verdictOn(record, generatedAt, hasMore || isTold ? 'yes' : 'no');
  },
};
