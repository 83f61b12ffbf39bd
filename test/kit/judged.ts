import type { Check } from '../../src/derive/checks/check.ts';
import { ruleOf } from '../../src/derive/checks/registry.ts';
import type { CredentialRecord } from '../../src/domain/record.ts';
import { ABSENT, type Changes, consoleUser, T0, UNKNOWN, UNSUPPORTED } from './records.ts';

export interface Circumstances {
  readonly provider?: string;
  readonly columns?: readonly string[];
  readonly thresholds?: Readonly<Record<string, number>>;
}

/** What a check says of a record as of T0. */
export function statuses(check: Check, record: CredentialRecord, circumstances: Circumstances = {}): readonly string[] {
  const { provider = 'aws', columns = [], thresholds = {} } = circumstances;
  const rule = ruleOf({ [check.id]: { ...check.defaults, thresholds } }, check);
  return check.judge(record, T0, rule, { provider, columns }).map(({ status }) => status);
}

/** As Tencent Cloud's rows are read: flags that others do not have, and no rotation. */
export function tencentUser(changes: Changes = {}): CredentialRecord {
  const { console, ...rest } = changes;
  return consoleUser('alice', {
    loginProtection: { value: true },
    operationProtection: { value: true },
    abnormalLogins: { value: false },
    ...rest,
    console: { nextRotationAt: UNKNOWN, ...console },
  });
}

/** One who signs in with another account's password. */
export function collaborator(changes: Changes = {}): CredentialRecord {
  const console = { enabled: UNSUPPORTED, passwordChangedAt: UNSUPPORTED, ...changes.console };
  return tencentUser({ ...changes, identity: { kind: 'collaborator', ...changes.identity }, console });
}

/** An address that mail is sent to. */
export function messageReceiver(): CredentialRecord {
  const console = { enabled: UNSUPPORTED, lastUsedAt: UNSUPPORTED, passwordChangedAt: ABSENT };
  return tencentUser({ identity: { kind: 'message_receiver' }, mfa: UNSUPPORTED, console });
}
