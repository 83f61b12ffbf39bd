import { type ChangeType } from '../domain/event-types.ts';
import type { Instant } from '../domain/instant.ts';
import type { CredentialRecord } from '../domain/record.ts';
import type { Credential } from './credential.ts';
import type { Fact } from './event-id.ts';

/** One side of a change: as the event shows it, and as its id counts it. */
export interface Side {
  readonly data: Readonly<Record<string, unknown>>;
  readonly facts: readonly Fact[];
}

export interface Change {
  readonly type: ChangeType;
  readonly record: CredentialRecord;
  readonly credential?: Credential;
  readonly before?: Side;
  readonly after?: Side;
  /** Best known; undefined when only the window is known. */
  readonly occurredAt?: Instant | undefined;
}
