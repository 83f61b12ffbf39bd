import type { Happening } from '../../domain/happening.ts';
import { type SourceName, sourceName } from '../../domain/names.ts';
import { act } from '../../simulator/aws/activity.ts';
import { changeAudit } from '../../simulator/aws/audit-changes.ts';
import type { Simulator } from '../../simulator/simulator.ts';

const OWNER = 'svc-payments';
const REPORTS_WANTED = 2;

/** Both are kinds of one account: the one whose story is told. */
const AUDITS = ['access-audit', 'key-audit'] as const;

interface Use {
  readonly service: string;
  readonly event: string;
  readonly region: string;
  readonly address: string;
}

/** What it was made for, and what nobody expects of it. */
const AT_HOME: readonly Use[] = [
  { service: 's3', event: 'ListBuckets', region: 'eu-central-1', address: '203.0.113.10' },
];
const ABROAD: readonly Use[] = [
  { service: 'iam', event: 'ListUsers', region: 'us-east-1', address: '198.51.100.23' },
  { service: 'iam', event: 'CreateUser', region: 'us-east-1', address: '192.0.2.77' },
];

/** One key that has a story: it is used from one place, and after its first audit from others. */
export interface KeyLife {
  readonly keyId: string;
  readonly accountId: string;
  readonly owner: string;
  happened(happening: Happening): void;
  /** By the number of the newest report that was delivered of a source. */
  isTold(delivered: ReadonlyMap<string, number>): boolean;
}

export function startKeyLife(simulator: Simulator): KeyLife {
  const { members } = simulator.world.organization;
  const accountId = simulator.accounts.find(({ id }) => !members.has(id))?.id ?? '';
  simulator.mutate({ account: accountId, do: 'create_user', user: OWNER });
  const { key_id: keyId = '' } = simulator.mutate({ account: accountId, do: 'create_key', user: OWNER });
  const policy = { account: accountId, do: 'attach_policy', user: OWNER, policy: 'payments' };
  changeAudit(simulator.world, { ...policy, services: ['s3', 'sqs', 'iam'], managed: true });
  const use = (one: Use) => void act(simulator.world, { account: accountId, user: OWNER, key_id: keyId, ...one });
  for (const one of AT_HOME) use(one);
  const [access, keys] = AUDITS.map((kind): SourceName => sourceName({ provider: 'aws', accountId, kind }));
  return {
    keyId,
    accountId,
    owner: OWNER,
    happened(happening) {
      if (happening.kind !== 'archived' || happening.source !== keys || happening.number !== 1) return;
      for (const one of ABROAD) use(one);
    },
    isTold: (delivered) => (delivered.get(access ?? '') ?? 0) > 0 && (delivered.get(keys ?? '') ?? 0) >= REPORTS_WANTED,
  };
}
