import * as http from 'node:http';
import * as https from 'node:https';
import { connect as connectTcp, isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { Fault } from '../../domain/fault.ts';
import { type AddressRule, addressRule } from './addresses.ts';
import type { WebhookSettings } from './settings.ts';

export interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly location: string | undefined;
  /** The beginning of the body, when it is not compressed. */
  readonly text: string;
}

/** Speaks to the network and decides nothing. node:http and not fetch: it cannot follow a redirect. */
export interface Connection {
  readonly host: string;
  post(headers: Readonly<Record<string, string | number>>, body: Uint8Array, signal: AbortSignal): Promise<Answer>;
  /** A connection and, for https, the whole handshake; no request. */
  probe(signal: AbortSignal): Promise<void>;
  close(): void;
}

const ANSWER_BYTES = 65_536;
const TEXT_BYTES = 4_096;

export function webhookConnection(settings: WebhookSettings): Connection {
  const url = new URL(settings.url);
  const rule = addressRule(settings.allow_private);
  const web = url.protocol === 'https:' ? https : http;
  const agent = new web.Agent({ keepAlive: true, maxSockets: 8, ...caOf(settings) });
  const request = (headers: Readonly<Record<string, string | number>>, body: Uint8Array, signal: AbortSignal) =>
    withDeadline(url.host, settings.timeout, signal, (deadline) => {
      rule.assertHost(url.hostname);
      const options = { method: 'POST', agent, lookup: rule.lookup, headers, signal: deadline };
      return exchange(web.request(url, options), body);
    });
  return {
    host: url.host,
    async post(headers, body, signal) {
      try {
        return await request(headers, body, signal);
      } catch (failure) {
        if (!(failure instanceof StaleConnection)) throw failure;
      }
      // Once more: the receiver closed a kept connection just as we used it. The id tells it, should it have seen us.
      return await request(headers, body, signal).catch((failure: unknown) => {
        throw failure instanceof StaleConnection ? networkFault(url.host, failure.cause) : failure;
      });
    },
    probe: (signal) =>
      withDeadline(url.host, settings.timeout, signal, (deadline) => probe(url, rule, settings, deadline)),
    close: () => agent.destroy(),
  };
}

class StaleConnection extends Error {}

function caOf(settings: WebhookSettings): { ca?: string } {
  return settings.ca === undefined ? {} : { ca: settings.ca };
}

function exchange(request: http.ClientRequest, body: Uint8Array): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let isAnswered = false;
    request.on('error', (failure: NodeJS.ErrnoException) => {
      if (isAnswered) return; // readAnswer tells
      const isStale = request.reusedSocket && (failure.code === 'ECONNRESET' || failure.code === 'EPIPE');
      reject(isStale ? new StaleConnection('connection closed', { cause: failure }) : failure);
    });
    request.on('response', (response) => {
      isAnswered = true;
      void readAnswer(response).then(resolve, reject);
    });
    request.end(body);
  });
}

/** The status is the answer: a body that breaks off, is too long or never ends does not change it. */
async function readAnswer(response: http.IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      if (bytes < TEXT_BYTES) chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > ANSWER_BYTES) break; // leaving the loop closes the connection
    }
  } catch {
    response.destroy();
  }
  const isPlain = (response.headers['content-encoding'] ?? 'identity') === 'identity';
  return {
    status: response.statusCode ?? 0,
    retryAfter: response.headers['retry-after'],
    location: response.headers.location,
    text: isPlain ? Buffer.concat(chunks).subarray(0, TEXT_BYTES).toString('utf8') : '',
  };
}

function probe(url: URL, rule: AddressRule, settings: WebhookSettings, signal: AbortSignal): Promise<void> {
  rule.assertHost(url.hostname);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const isTls = url.protocol === 'https:';
  const port = url.port === '' ? (isTls ? 443 : 80) : Number(url.port);
  const target = { host, port, lookup: rule.lookup };
  const socket = isTls
    ? connectTls({ ...target, ...caOf(settings), ...(isIP(host) === 0 ? { servername: host } : {}) })
    : connectTcp(target);
  const onAbort = () => socket.destroy(signal.reason as Error);
  signal.addEventListener('abort', onAbort, { once: true });
  return new Promise<void>((resolve, reject) => {
    socket.once(isTls ? 'secureConnect' : 'connect', () => resolve()).once('error', reject);
  }).finally(() => {
    signal.removeEventListener('abort', onAbort);
    socket.destroy();
  });
}

/** One deadline over everything, also over a byte a minute. Says which of the two it was: the caller's signal, or time. */
async function withDeadline<T>(
  host: string,
  timeoutMs: number,
  signal: AbortSignal,
  work: (deadline: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const deadline = new AbortController();
  const onAbort = () => deadline.abort(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  const timer = setTimeout(() => deadline.abort(), timeoutMs);
  try {
    return await work(deadline.signal);
  } catch (failure) {
    signal.throwIfAborted();
    if (deadline.signal.aborted) {
      throw new Fault('unreachable', `webhook ${host} did not answer within ${Math.round(timeoutMs / 1_000)}s`);
    }
    throw failure instanceof StaleConnection ? failure : networkFault(host, failure);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}

function networkFault(host: string, failure: unknown): unknown {
  if (!(failure instanceof Error) || failure instanceof Fault) return failure;
  const code = (failure as NodeJS.ErrnoException).code;
  if (code === undefined) return failure;
  // A broken answer travels in the error of the parser: it could hold anything, so it is not passed on.
  const cause = 'rawPacket' in failure ? undefined : failure;
  return new Fault('unreachable', `webhook ${host} cannot be reached (${code})`, { cause });
}
