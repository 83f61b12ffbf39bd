import type { Instant } from '../domain/instant.ts';
import type { CallAnswer, CallLog } from './calls.ts';
import type { FaultRule, Faults } from './faults.ts';
import type { WireReply, WireRequest } from './wire.ts';

/** What the endpoint of any cloud is made of. */
export interface CloudEndpoint<G extends CloudGate> {
  readonly gate: G;
  readonly faults: Faults;
  readonly calls: CallLog;
  /** Real milliseconds. */
  pause(ms: number, signal: AbortSignal): Promise<void>;
}

interface CloudGate {
  readonly world: { readonly clock: { now(): Instant } };
  wallNow(): Instant;
}

export interface Attempt {
  readonly reply: WireReply;
  readonly answer: CallAnswer;
}

/** Planted faults that the cloud answers in its own words. */
export type Refusal = Extract<
  FaultRule['kind'],
  'throttle' | 'limit_exceeded' | 'error500' | 'denied' | 'expired_token'
>;

type Caller = { readonly arn: string } | undefined;

/** One call, as its cloud understands it. */
export interface CloudCall<P extends Caller> {
  readonly service: string;
  readonly action: string;
  readonly requestId: string;
  /** Throws what the cloud answers to strangers. */
  authenticate(): P;
  /** The account that is asked about: of a role that is assumed, the role's. */
  accountOf(principal: P): string | undefined;
  /** Throws what the cloud refuses. */
  carryOut(principal: P): Attempt;
  refusal(kind: Refusal, ms: number | undefined, principal: P): Error;
  /** An error as the cloud sends it; undefined when it is none of the cloud's. */
  failed(problem: unknown): Attempt | undefined;
  /** What comes where somebody else answers, or nobody in their right mind. */
  readonly html: Attempt;
  readonly garbage: Attempt;
}

interface Met<P> {
  account?: string | undefined;
  principal?: P;
  fault?: FaultRule | undefined;
}

/** One signed call: who is it, is a fault planted, do it; always noted in the log of calls. */
export async function answerCall<P extends Caller>(
  endpoint: CloudEndpoint<CloudGate>,
  request: WireRequest,
  understand: () => CloudCall<P>,
): Promise<WireReply> {
  const began = performance.now();
  const call = understand();
  const met: Met<P> = {};
  const { reply, answer } = await attempt(endpoint, request, call, met);
  endpoint.calls.add(endpoint.gate.world.clock.now(), endpoint.gate.wallNow(), {
    service: call.service,
    action: call.action,
    account: met.account,
    principal: met.principal?.arn,
    answer,
    ...(met.fault === undefined ? {} : { fault: met.fault.kind }),
    request_id: call.requestId,
    ms: Math.round((performance.now() - began) * 100) / 100,
  });
  return reply;
}

async function attempt<P extends Caller>(
  { faults, pause }: Pick<CloudEndpoint<CloudGate>, 'faults' | 'pause'>,
  { signal }: WireRequest,
  call: CloudCall<P>,
  met: Met<P>,
): Promise<Attempt> {
  try {
    const principal = call.authenticate();
    met.principal = principal;
    met.account = call.accountOf(principal);
    met.fault = faults.take({ service: call.service, action: call.action, account: met.account });
    if (met.fault?.kind === 'slow') await pause(met.fault.ms ?? 1_000, signal);
    const planted = met.fault === undefined ? undefined : instead(met.fault, call, principal);
    return planted ?? spoiled(met.fault, call.carryOut(principal));
  } catch (problem) {
    const failed = call.failed(problem);
    if (failed !== undefined) return failed;
    // Whoever left while a slow answer was due gets none, but was here.
    if (signal.aborted) return { reply: { kind: 'reset' }, answer: { status: 0 } };
    throw problem;
  }
}

/** Faults that come instead of the call. Those that answer as the cloud does are thrown. */
function instead<P extends Caller>(fault: FaultRule, call: CloudCall<P>, principal: P): Attempt | undefined {
  switch (fault.kind) {
    case 'throttle':
    case 'limit_exceeded':
    case 'error500':
    case 'denied':
    case 'expired_token':
      throw call.refusal(fault.kind, fault.ms, principal);
    case 'hang':
      return { reply: { kind: 'hang', ms: fault.ms }, answer: { status: 0 } };
    case 'reset':
      return { reply: { kind: 'reset' }, answer: { status: 0 } };
    case 'garbage':
      return withStatus(call.garbage, fault.status);
    case 'html':
      return withStatus(call.html, fault.status);
    case 'slow':
    case 'truncated':
    case 'lost_answer':
      return undefined;
  }
}

function withStatus({ reply, answer }: Attempt, status: number = answer.status): Attempt {
  return { reply: reply.kind === 'answer' ? { ...reply, status } : reply, answer: { status } };
}

/** Faults that come after the call was done. */
function spoiled(fault: FaultRule | undefined, done: Attempt): Attempt {
  if (fault?.kind === 'lost_answer') return { reply: { kind: 'reset' }, answer: done.answer };
  if (fault?.kind === 'truncated' && done.reply.kind === 'answer')
    return { reply: { ...done.reply, cut: true }, answer: done.answer };
  return done;
}

export function page(
  status: number,
  type: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Attempt {
  return { reply: { kind: 'answer', status, headers: { 'content-type': type, ...headers }, body }, answer: { status } };
}

/** As proxies write it. */
export const BAD_GATEWAY = page(502, 'text/html', '<!DOCTYPE html><html><body><h1>Bad Gateway</h1></body></html>');
