/** Why something failed, by what to do next. */
export type FaultKind = 'throttled' | 'unreachable' | 'denied' | 'misconfigured' | 'malformed';

export interface FaultOptions {
  /** How long the other side asked us to stay away. */
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
  /** What failed is the way in that all members of an organisation share: it is not this account's own trouble. */
  readonly isShared?: boolean;
  /** What failed is the sink: it would fail whatever it is sent. */
  readonly isOfSink?: boolean;
}

/** The one error that Muster throws on purpose. The message names the thing, and never holds a secret or a payload. */
export class Fault extends Error {
  readonly kind: FaultKind;
  readonly retryAfterMs: number | undefined;
  readonly isShared: boolean;
  readonly isOfSink: boolean;

  constructor(kind: FaultKind, message: string, options: FaultOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'Fault';
    this.kind = kind;
    this.retryAfterMs = options.retryAfterMs;
    this.isShared = options.isShared ?? false;
    this.isOfSink = options.isOfSink ?? false;
  }
}

/** What cannot be read, and never will be: of something kept, that it is damaged. */
export function isMalformed(error: unknown): error is Fault {
  return error instanceof Fault && error.kind === 'malformed';
}
