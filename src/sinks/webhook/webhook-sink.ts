import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { Fault } from '../../domain/fault.ts';
import { failpoint } from '../../kit/failpoint.ts';
import type { Secret } from '../../kit/secret.ts';
import { VERSION } from '../../kit/version.ts';
import type { Encoded, SendOutcome, Sink, SinkTools } from '../sink.ts';
import { type Connection, webhookConnection } from './connection.ts';
import type { WebhookSettings } from './settings.ts';
import { keyOf, messageId, signatureHeaders } from './signature.ts';
import { type Verdict, verdictOf } from './verdict.ts';

type Post = (events: readonly Encoded[]) => Promise<Verdict>;

/** Posts a batch as one JSON array, signed. What the receiver will not take is looked for by halves. */
export function webhookSink(settings: WebhookSettings, tools: SinkTools): Sink {
  const connection = webhookConnection(settings);
  const post = poster(settings, tools, connection);
  let closed = false;
  return {
    limits: { maxEvents: settings.max_events, maxBytes: settings.max_bytes },
    check: (signal) => connection.probe(signal),
    async send(batch, signal) {
      signal.throwIfAborted();
      if (closed) throw new Fault('unreachable', `webhook ${connection.host}: the sink is closed`);
      return await sendByHalves(batch, (events) => post(events, signal));
    },
    async close() {
      closed = true;
      connection.close();
    },
  };
}

/**
 * Pieces wait on a stack, first one on top: a refused piece makes way for its two halves, so order is kept, and one bad
 * event among a hundred costs at most fifteen requests. A fault ends the sending; what is known by then is told.
 */
async function sendByHalves(batch: readonly Encoded[], post: Post): Promise<SendOutcome> {
  const delivered: Encoded[] = [];
  const rejected: { item: Encoded; reason: string }[] = [];
  const waiting: (readonly Encoded[])[] = [batch];
  for (let piece = waiting.pop(); piece !== undefined; piece = waiting.pop()) {
    const [item] = piece;
    if (item === undefined) continue;
    const verdict = await verdictOrFault(piece, post, delivered.length + rejected.length > 0);
    if (verdict.means === 'delivered') delivered.push(...piece);
    else if (verdict.means === 'fault') {
      const items = [piece, ...waiting.reverse()].flat();
      if (items.length === batch.length) throw verdict.fault;
      return { delivered, rejected, retry: { items, fault: verdict.fault } };
    } else if (piece.length === 1) rejected.push({ item, reason: verdict.reason });
    else waiting.push(...halves(piece));
  }
  return { delivered, rejected };
}

/** Once something is known of the batch, a Fault that is thrown must not make it forgotten. */
async function verdictOrFault(piece: readonly Encoded[], post: Post, isSomethingKnown: boolean): Promise<Verdict> {
  try {
    return await post(piece);
  } catch (failure) {
    if (isSomethingKnown && failure instanceof Fault) return { means: 'fault', fault: failure };
    throw failure;
  }
}

/** The later half first: the stack turns them round. */
function halves(piece: readonly Encoded[]): readonly (readonly Encoded[])[] {
  const middle = Math.ceil(piece.length / 2);
  return [piece.slice(middle), piece.slice(0, middle)];
}

function poster(settings: WebhookSettings, tools: SinkTools, connection: Connection) {
  const secrets = [settings.secret, ...settings.previous_secrets];
  const keys = secrets.map((secret) => keyOf(secret.reveal())).filter((key) => key !== undefined);
  const custom = Object.fromEntries(Object.entries(settings.headers).map(([name, value]) => [name, revealed(value)]));
  const hidden = [...secrets.map(revealed), ...secretsIn(settings.url), ...Object.values(custom)].filter(isTelling);
  return async (events: readonly Encoded[], signal: AbortSignal): Promise<Verdict> => {
    const body = `[${events.map(asJson).join(',')}]`;
    const bytes = settings.gzip ? await promisify(gzip)(body) : Buffer.from(body);
    const headers = {
      ...custom,
      'user-agent': custom['user-agent'] ?? `muster/${VERSION}`,
      'content-type': 'application/json',
      ...(settings.gzip ? { 'content-encoding': 'gzip' } : {}),
      'content-length': bytes.length,
      ...signatureHeaders(keys, messageId(events.map((event) => event.id)), tools.clock.now(), body),
    };
    const answer = await connection.post(headers, bytes, signal);
    failpoint('sink.webhook.answered');
    return verdictOf(answer, connection.host, tools.clock.now(), hidden);
  };
}

/** Formats that are not JSON (CEF) travel as JSON strings. */
function asJson(event: Encoded): string {
  return event.text.startsWith('{') ? event.text : JSON.stringify(event.text);
}

function revealed(value: string | Secret): string {
  return typeof value === 'string' ? value : value.reveal();
}

function secretsIn(url: string): readonly string[] {
  const { pathname, searchParams } = new URL(url);
  return [...pathname.split('/'), ...searchParams.values()];
}

/** Hiding short words would only make reasons unreadable. */
function isTelling(text: string): boolean {
  return text.length >= 8;
}
