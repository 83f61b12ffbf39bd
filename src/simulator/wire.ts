import type { IncomingHttpHeaders } from 'node:http';

export interface WireRequest {
  readonly method: string;
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Aborted when the other side is gone or the simulator closes. */
  readonly signal: AbortSignal;
}

export type WireReply =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: Buffer | string;
      /** Promise the whole body, send half of it, cut the connection. */
      readonly cut?: boolean;
    }
  | { readonly kind: 'reset' }
  | { readonly kind: 'hang'; readonly ms: number | undefined };
