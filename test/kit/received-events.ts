import type { HttpServer } from './http-server.ts';

/** What a consumer reads of an event: written down here from docs/events.md, not taken from Muster's own types. */
export interface ReceivedEvent {
  readonly id: string;
  readonly kind: string;
  readonly type: string;
  readonly account: {
    readonly id: string;
    readonly name: string;
    readonly provider?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly identity?: { readonly kind: string; readonly id: string; readonly name: string };
  readonly credential?: { readonly kind: string; readonly id?: string; readonly created_at?: string };
  readonly before?: Readonly<Record<string, unknown>>;
  readonly after?: Readonly<Record<string, unknown>>;
  readonly severity: string;
  readonly check?: { readonly id: string };
  readonly finding_id?: string;
  readonly status?: string;
  readonly cause?: string;
  readonly report: {
    readonly source: string;
    readonly number: number;
    readonly generated_at: string;
    readonly sha256: string;
  };
  readonly data?: Readonly<Record<string, unknown>>;
}

/** The events of all requests, in order. */
export function eventsAt(server: HttpServer): readonly ReceivedEvent[] {
  return server.requests.flatMap(({ text }) => JSON.parse(text) as readonly ReceivedEvent[]);
}

/** Without what came again: delivery is at least once. */
export function firstTimes(events: readonly ReceivedEvent[]): readonly ReceivedEvent[] {
  return [...new Map(events.map((event) => [event.id, event])).values()];
}

export function ofKind(events: readonly ReceivedEvent[], ...kinds: readonly string[]): readonly ReceivedEvent[] {
  return events.filter(({ kind }) => kinds.includes(kind));
}
