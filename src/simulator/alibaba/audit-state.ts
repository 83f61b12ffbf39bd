import type { Instant } from '../../domain/instant.ts';

/** One call of an API, as it truly was made. */
export interface TrailEvent {
  readonly id: string;
  readonly at: Instant;
  readonly kind: 'user' | 'role';
  readonly name: string;
  /** Undefined: in the console, or by a session. */
  readonly keyId: string | undefined;
  /** `Ecs`, as ActionTrail writes it. */
  readonly service: string;
  readonly event: string;
  readonly region: string;
  readonly address: string;
  readonly resource: { readonly type: string; readonly name: string } | undefined;
}

interface SimulatedPolicy {
  readonly type: 'System' | 'Custom';
  readonly name: string;
  /** `v1`, `v2`, … */
  readonly versions: Map<string, string>;
  defaultVersion: string;
}

interface AccessJob {
  /** Only who began it may read it. */
  readonly owner: string;
  readonly arn: string;
  readonly readyAt: Instant;
}

/** What the audits of one account are made of. */
export interface AuditState {
  readonly events: TrailEvent[];
  /** Members by name. */
  readonly groups: Map<string, Set<string>>;
  /** By `Custom/name`. */
  readonly policies: Map<string, SimulatedPolicy>;
  /** Policies by `user/name`, `group/name` and `role/name`. */
  readonly attached: Map<string, Set<string>>;
  /** Whether somebody enabled ActionTrail's AccessKey audit. */
  keyAudit: 'on' | 'off';
  /** How a key that was never used is told of: nothing of it is documented. */
  unusedKeys: 'empty' | 'zero' | 'error';
  /** Lists of policies do not name the default version. */
  hidesVersions: boolean;
  /** How long after a call ActionTrail knows of it. */
  lagMs: number;
  /** Services of which ActionTrail shows no events, addresses and resources. */
  readonly unsupported: Set<string>;
  readonly jobs: Map<string, AccessJob>;
  /** By ARN: how the undocumented audit fails. */
  readonly jobErrors: Map<string, { readonly code: string; readonly policy: string; readonly when: 'asked' | 'ended' }>;
}

export function newAuditState(): AuditState {
  return {
    events: [],
    groups: new Map(),
    policies: new Map(),
    attached: new Map(),
    keyAudit: 'on',
    unusedKeys: 'empty',
    hidesVersions: false,
    lagMs: 0,
    unsupported: new Set(),
    jobs: new Map(),
    jobErrors: new Map(),
  };
}
