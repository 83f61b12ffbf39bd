import type { Instant } from '../../domain/instant.ts';
import type { Principal } from './principals.ts';

/** One call of AWS's API, as it truly was made. */
export interface TrailEvent {
  readonly id: string;
  readonly at: Instant;
  /** Where it was made. */
  readonly region: string;
  /** The ARN of the user or role. */
  readonly identity: string;
  readonly name: string;
  readonly keyId: string | undefined;
  /** `s3`. */
  readonly service: string;
  readonly event: string;
  readonly address: string;
  readonly resources: readonly { readonly type: string; readonly name: string }[];
  readonly errorCode: string | undefined;
  /** Data events are not in CloudTrail's event history. */
  readonly isData: boolean;
}

export interface AttachedPolicy {
  readonly name: string;
  readonly isManaged: boolean;
  /** Namespaces, or everything. */
  readonly services: '*' | readonly string[];
}

export interface Group {
  readonly name: string;
  readonly id: string;
  readonly createdAt: Instant;
  /** Lower-case names of users. */
  readonly members: Set<string>;
}

export interface AccessJob {
  readonly id: string;
  /** Only who began it may read it: a user, or this very session. */
  readonly owner: Principal | string;
  readonly arn: string;
  readonly hasActions: boolean;
  readonly startedAt: Instant;
  readonly readyAt: Instant;
  readonly fails: boolean;
}

/** What the audits of one account are made of. */
export interface AuditState {
  readonly events: TrailEvent[];
  /** By the ARN of a user, role or group. */
  readonly policies: Map<string, AttachedPolicy[]>;
  readonly groups: Map<string, Group>;
  readonly jobs: Map<string, AccessJob>;
  /** Jobs that will fail, of those begun from now on. */
  failingJobs: number;
  /** How a region refuses: it is not enabled, or its service control policy denies. */
  readonly closedRegions: Map<string, 'disabled' | 'denied'>;
  /** When each region was asked, in the last second. */
  readonly lookUps: Map<string, Instant[]>;
}

export function newAuditState(): AuditState {
  return {
    events: [],
    policies: new Map(),
    groups: new Map(),
    jobs: new Map(),
    failingJobs: 0,
    closedRegions: new Map(),
    lookUps: new Map(),
  };
}

/** How AWS behaves, in simulated time. */
export interface AuditPace {
  /** How long a job about one identity takes. */
  readonly jobMs: number;
  /** How late a use shows in the answer about an identity. */
  readonly accessLagMs: number;
  /** How late an event shows in CloudTrail. */
  readonly trailLagMs: number;
  readonly lookUpsPerSecond: number;
  /** Services and entries of one page, at most. */
  readonly pageRows: number;
}

export const AUDIT_PACE: AuditPace = {
  jobMs: 2_000,
  accessLagMs: 0,
  trailLagMs: 0,
  lookUpsPerSecond: 2,
  pageRows: 1_000,
};
