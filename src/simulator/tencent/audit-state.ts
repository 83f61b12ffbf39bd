import type { Instant } from '../../domain/instant.ts';

/** One call that CloudAudit has on record: who made it, with what, from where and to what. */
export interface AuditEvent {
  readonly id: string;
  readonly at: Instant;
  /** The UIN of a sub-account, or the id of a role. */
  readonly principal: string;
  /** Empty for what was done in the console. */
  readonly keyId: string;
  readonly service: string;
  readonly event: string;
  readonly region: string;
  readonly address: string;
  readonly resource: string;
}

export interface CamPolicy {
  readonly id: number;
  readonly name: string;
  readonly isPreset: boolean;
  /** As CAM writes it. */
  readonly document: string;
}

export interface CamGroup {
  readonly id: number;
  readonly name: string;
  readonly createdAt: Instant;
  readonly members: Set<number>;
}

/** What audits of one account look at. */
export interface TencentAudit {
  readonly events: AuditEvent[];
  readonly policies: Map<string, CamPolicy>;
  /** Names of policies by whose they are: `user/100…`, `role/4611…`, `group/7`. */
  readonly attached: Map<string, Set<string>>;
  readonly groups: Map<string, CamGroup>;
  /** Codes that LookUpEvents answers in a region. */
  readonly closedRegions: Map<string, string>;
  /** Whether any region tells of all, or each of its own; the documentation says neither. */
  tellsAllRegions: boolean;
  /** How late an event is told of. */
  lagMs: number;
  /** Tokens of pages that are not used up, and what they stand for. */
  readonly tokens: Map<string, { readonly question: string; readonly at: number }>;
}

export function newAudit(): TencentAudit {
  return {
    events: [],
    policies: new Map(),
    attached: new Map(),
    groups: new Map(),
    closedRegions: new Map(),
    tellsAllRegions: false,
    lagMs: 0,
    tokens: new Map(),
  };
}
