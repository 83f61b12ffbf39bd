import type { Cluster, Redis } from 'ioredis';
import { Fault, type FaultKind } from '../domain/fault.ts';
import { clientOptions, describeAddress, type RedisAddress, type Role } from './redis-address.ts';
import { scrub } from './thrown.ts';

export type RedisClient = Redis | Cluster;

export interface ClientParts {
  readonly address: RedisAddress;
  readonly role: Role;
  readonly commandTimeoutMs: number;
  /** How long the first connection may take; afterwards the client reconnects for ever. */
  readonly startTimeoutMs: number;
  readonly onError: (error: Error) => void;
  /** Gives up the first connection. */
  readonly signal: AbortSignal;
}

/** Connects, or throws a Fault that names host and port. Every later error goes to `onError`. */
export async function openClient(parts: ClientParts): Promise<RedisClient> {
  const { Cluster, Redis } = await import('ioredis');
  const plan = clientOptions(parts.address, parts.role, parts.commandTimeoutMs);
  const client = plan.kind === 'redis' ? new Redis(plan.options) : new Cluster(plan.nodes, plan.options);
  try {
    await whenReady(client, describeAddress(parts.address), parts);
  } catch (error) {
    client.on('error', () => undefined); // what still arrives while the socket closes
    client.disconnect();
    throw error;
  }
  client.on('error', parts.onError);
  return client;
}

function whenReady(client: RedisClient, where: string, parts: ClientParts): Promise<void> {
  const { signal, startTimeoutMs } = parts;
  return new Promise((resolve, reject) => {
    let last: unknown;
    const settle = (fault?: Fault) => {
      clearTimeout(timer);
      client.off('error', onError);
      client.off('ready', onReady);
      signal.removeEventListener('abort', onAbort);
      if (fault === undefined) resolve();
      else reject(fault);
    };
    const onError = (error: Error) => {
      last = error;
      if (kindOf(error) === 'denied') settle(redisFault(error, `redis at ${where} let us not in`));
    };
    const onReady = () => settle();
    const onAbort = () => settle(new Fault('unreachable', `redis at ${where}: the queue was closed`));
    const timer = setTimeout(() => settle(notReached(where, startTimeoutMs, last)), startTimeoutMs);
    client.on('error', onError);
    client.once('ready', onReady);
    signal.addEventListener('abort', onAbort);
  });
}

function notReached(where: string, timeoutMs: number, last: unknown): Fault {
  const what = `redis at ${where} did not answer within ${Math.round(timeoutMs / 1000)} s`;
  return last === undefined ? new Fault('unreachable', `${what}: is it running?`) : redisFault(last, what);
}

/** An error of the driver holds its command with all arguments (a password, a job): only a scrubbed message is kept, and no cause. */
export function redisFault(error: unknown, what: string): Fault {
  return new Fault(kindOf(error), `${what}: ${reasonOf(error)}`);
}

export function reasonOf(error: unknown): string {
  const origin = originOf(error);
  return scrub(origin instanceof Error ? origin.message : 'unknown reason');
}

/** The same for the same trouble, whichever job it is about. */
export function warningKind(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : (/^\w+/.exec(reasonOf(error))?.[0] ?? 'other');
}

function kindOf(error: unknown): FaultKind {
  const origin = originOf(error);
  const message = origin instanceof Error ? origin.message : '';
  return /^(?:WRONGPASS|NOAUTH|NOPERM|ERR invalid password)/.test(message) ? 'denied' : 'unreachable';
}

/** A cluster wraps what its last node said. */
function originOf(error: unknown): unknown {
  if (typeof error !== 'object' || error === null) return error;
  return ('lastNodeError' in error ? error.lastNodeError : undefined) ?? error;
}
