import { type HttpServer, httpServer, type ReceivedRequest, type Reply } from '../kit/http-server.ts';

/** What the receiver does with a batch: `take` keeps it and says yes; `lose the answer` keeps it and says nothing. */
export type Behaviour = 'take' | 'lose the answer' | 'hang after taking' | { readonly refuse: Reply };

export interface Receiver {
  readonly url: string;
  /** How often each event id was in a batch that was taken. */
  readonly taken: ReadonlyMap<string, number>;
  /** All that came over the wire, for the search for secrets. */
  bodies(): readonly string[];
  /** Requests that went anywhere else: a redirect that was followed. */
  strays(): number;
  /** Asked for each batch, with the number of the request, from 1. */
  behave(rule: (ids: readonly string[], request: number) => Behaviour): void;
  close(): Promise<void>;
}

const PATH = '/in';

/** A webhook receiver that writes down what it took; `known` are ids that were taken before this case began. */
export async function startReceiver(known: ReadonlyMap<string, number> = new Map()): Promise<Receiver> {
  const server: HttpServer = await httpServer();
  const taken = new Map(known);
  let rule: (ids: readonly string[], request: number) => Behaviour = () => 'take';
  let requests = 0;
  server.otherwise((request) => {
    if (request.path !== PATH) return { status: 200 };
    requests += 1;
    const ids = idsIn(request);
    const behaviour = rule(ids, requests);
    if (typeof behaviour === 'object') return behaviour.refuse;
    for (const id of ids) taken.set(id, (taken.get(id) ?? 0) + 1);
    return behaviour === 'take' ? { status: 200 } : behaviour === 'lose the answer' ? 'reset' : 'hang';
  });
  return {
    url: `${server.url}${PATH}`,
    taken,
    bodies: () => server.requests.map((request) => request.text),
    strays: () => server.requests.filter(({ path }) => path !== PATH).length,
    behave: (next) => {
      rule = next;
    },
    close: () => server.close(),
  };
}

function idsIn({ text }: ReceivedRequest): readonly string[] {
  return (JSON.parse(text) as readonly { readonly id: string }[]).map(({ id }) => id);
}
