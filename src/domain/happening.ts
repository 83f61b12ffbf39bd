import type { FaultKind } from './fault.ts';

/** What Muster says of itself: each becomes one log line and its metrics, in telemetry/ and nowhere else. */
export type Happening =
  | {
      readonly kind: 'started';
      readonly version: string;
      readonly accounts: number;
      readonly sinks: number;
      readonly queue: string;
    }
  | { readonly kind: 'stopping'; readonly reason: string }
  | { readonly kind: 'stopped' }
  | {
      readonly kind: 'planned';
      readonly sources: number;
      readonly due: number;
      readonly behind: number;
      /** By how much this machine's clock is behind the newest report of the archive. */
      readonly clockBehindMs: number;
      readonly ms: number;
    }
  | { readonly kind: 'waiting'; readonly source: string; readonly until: string; readonly why: string }
  | { readonly kind: 'unchanged'; readonly source: string; readonly generatedAt: string }
  | {
      readonly kind: 'archived';
      readonly source: string;
      readonly number: number;
      readonly rows: number;
      readonly generatedAt: string;
      readonly sha256: string;
    }
  | { readonly kind: 'quarantined'; readonly source: string; readonly id: string; readonly reason: string }
  | {
      readonly kind: 'delivered';
      readonly sink: string;
      readonly source: string;
      readonly number: number;
      readonly events: number;
      readonly rejected: number;
    }
  | {
      readonly kind: 'rejected';
      readonly sink: string;
      readonly source: string;
      readonly eventId: string;
      readonly reason: string;
    }
  | { readonly kind: 'degraded'; readonly source: string; readonly what: string }
  | { readonly kind: 'oddity'; readonly source: string; readonly what: string }
  | {
      readonly kind: 'fault';
      readonly job: string;
      readonly subject: string;
      readonly fault: FaultKind | 'bug';
      readonly message: string;
      readonly retryAt?: string;
    }
  | { readonly kind: 'held'; readonly subject: string; readonly reason: string }
  | { readonly kind: 'warning'; readonly message: string };

/** Given to whoever has something to say. Never throws. */
export type Observe = (happening: Happening) => void;
