import type { FindingSubject, OpenFinding } from '../../../domain/finding.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { Field } from '../../../domain/record.ts';
import type { ParsedReport } from '../../../domain/report.ts';
import type { Rule } from '../../../domain/rules.ts';
import type { Steps } from '../../../kit/steps.ts';
import type { KnownCheck } from '../../checks/check.ts';
import type { AccessSeen } from '../seen.ts';

export type AuditKind = 'access-audit' | 'key-audit';

/** `unknown` keeps a finding open that was open, and opens nothing; `pass` closes it. */
export interface AuditVerdict {
  readonly status: 'fail' | 'warn' | 'unknown' | 'pass';
  readonly subject: FindingSubject;
  /** Tells two owners of one name apart; left out where a key's id does. */
  readonly createdAt?: Field<Instant>;
}

export interface AuditScene {
  readonly provider: string;
  readonly parsed: ParsedReport;
  readonly generatedAt: Instant;
  readonly rule: Rule;
  /** With this report. */
  readonly seen: AccessSeen | undefined;
}

/** One thing that can be wrong with what somebody uses. Pure, and judged as of generatedAt. */
export interface AuditCheck extends KnownCheck {
  readonly kind: AuditKind;
  judge(scene: AuditScene): Steps<readonly AuditVerdict[]>;
  /** Of findings without a verdict: true for those of which the report does not tell, so that they stay open. Left out when it tells of all. */
  untold?(scene: AuditScene): (finding: OpenFinding) => boolean;
}

export function threshold({ rule }: AuditScene, name: string, otherwise: number): number {
  return rule.thresholds[name] ?? otherwise;
}
