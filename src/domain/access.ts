import type { Instant } from './instant.ts';
import type { Field } from './record.ts';

/** Who may use or did use something. */
export interface AccessIdentity {
  readonly kind: 'root' | 'user' | 'role' | 'group';
  readonly name: string;
  /** The cloud's own name for it, the same as in a credential report (an ARN on AWS). */
  readonly id: string;
  readonly uniqueId?: string;
  readonly createdAt: Field<Instant>;
}

/** A policy that gives something to an identity: its own, or one of a group that it is in. */
export interface Grant {
  readonly policy: string;
  /** `group:admins`; left out for a policy of the identity itself. */
  readonly via?: string;
}

/**
 * One row of `service-access.csv`: an identity and a service, or one action of it, that it may use or did use.
 * A row without a service tells of the identity as a whole, and `why` says what. When its `lastUsedAt` is `unknown`, what the report says of this
 * identity is not all: what is not listed is not told, and nothing of it is taken for gone.
 */
export interface ServiceAccess {
  readonly identity: AccessIdentity;
  /** The cloud's own short name (`s3`, `ecs`), as its policies write it before the colon. Empty for the identity as a whole. */
  readonly service: string;
  readonly serviceName?: string;
  /** Left out for the service as a whole. */
  readonly action?: string;
  readonly granted: Field<boolean>;
  readonly grantedBy: readonly Grant[];
  /** Attempts count too where the cloud counts them; `never` means: not while it was tracked. */
  readonly lastUsedAt: Field<Instant>;
  readonly lastUsedRegion: Field<string>;
  /** From when on the cloud would have seen a use; unknown also where a later one than the last that is told may not have been seen. */
  readonly trackedSince: Field<Instant>;
  /** What this row cannot show, in words. */
  readonly why: readonly string[];
}

/** What a row of key use tells of: the key as a whole, or one of the things that it was used for. */
export const KEY_USES = ['key', 'service', 'event', 'address', 'resource'] as const;
export type KeyUseKind = (typeof KEY_USES)[number];

/**
 * One row of `key-use.csv`. A row of a service, an event, an address or a resource that names none says that this list is not all of it (a page
 * could not be read): what is not listed is not told. On the row of a key, `why` names every use that could not be seen: an empty one claims that
 * a use would have been seen, and only then is one that was not seen a contradiction.
 */
export interface KeyUse {
  readonly owner: AccessIdentity;
  readonly key: { readonly id: string; readonly createdAt: Field<Instant>; readonly active: Field<boolean> };
  readonly what: KeyUseKind;
  /** Empty where it is not told. */
  readonly service: string;
  /** The event, the address or the resource; empty for a key and a service. */
  readonly name: string;
  /** Of a resource. */
  readonly type: string;
  readonly firstUsedAt: Field<Instant>;
  readonly lastUsedAt: Field<Instant>;
  readonly region: Field<string>;
  /** How often it was seen, where that is known. */
  readonly count: Field<number>;
  /** Of a key: when it was last used by what the credential report's own source says. */
  readonly reportedLastUsedAt: Field<Instant>;
  /** What this row cannot show, in words. */
  readonly why: readonly string[];
}
