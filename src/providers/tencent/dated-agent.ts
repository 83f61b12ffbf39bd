import type { ClientRequest } from 'node:http';

/** What Node's agents have, and its types leave out. */
interface Agent {
  addRequest: (this: unknown, request: ClientRequest, ...rest: unknown[]) => unknown;
}

/** The SDK hands over no headers of an answer: the agent that carries it sees the date. */
export function dated<A extends object>(agent: A, heard: (date: unknown) => void): A {
  const carrier = agent as unknown as Agent;
  const { addRequest } = carrier;
  carrier.addRequest = function (this: unknown, request, ...rest) {
    request.once('response', ({ headers }) => heard(headers.date));
    return addRequest.call(this, request, ...rest);
  };
  return agent;
}
