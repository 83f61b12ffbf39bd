import type { ClusterOptions, RedisOptions } from 'ioredis';
import { Fault } from '../domain/fault.ts';
import type { Secret } from '../kit/secret.ts';

interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** Where Redis is. The shape of `queue:` in the config. */
export type RedisAddress =
  | { readonly kind: 'single'; readonly url: Secret }
  | {
      readonly kind: 'sentinels';
      readonly sentinels: readonly HostPort[];
      readonly name: string;
      readonly password: Secret | undefined;
    }
  | {
      readonly kind: 'cluster';
      readonly nodes: readonly HostPort[];
      readonly password: Secret | undefined;
      readonly tls: boolean;
    };

/** `producer` fails fast, so that nobody waits for a Redis that is gone; `worker` waits for ever, as BullMQ demands. */
export type Role = 'producer' | 'worker';

// ioredis makes the client's type depend on `replyMapping`; we take its default.
type ServerOptions = Omit<RedisOptions, 'replyMapping'>;
type NodeOptions = Omit<NonNullable<ClusterOptions['redisOptions']>, 'replyMapping'>;

export type ClientOptions =
  | { readonly kind: 'redis'; readonly options: ServerOptions }
  | {
      readonly kind: 'cluster';
      readonly nodes: HostPort[];
      readonly options: Omit<ClusterOptions, 'redisOptions'> & { redisOptions: NodeOptions };
    };

const CONNECT_TIMEOUT_MS = 5_000;
// A connection that lost its way (NAT, a dead host) sends no reset; a blocking read lasts at most 10 s.
const SILENT_SOCKET_MS = 30_000;
const KEEP_ALIVE_MS = 10_000;
// A server that hangs never says good-bye: its sockets are destroyed after this.
const DISCONNECT_MS = 500;

/** Host and port, never a user or a password. */
export function describeAddress(address: RedisAddress): string {
  switch (address.kind) {
    case 'single': {
      const { host, port } = parseUrl(address.url);
      return `${host}:${port}`;
    }
    case 'sentinels':
      return `${address.name} behind ${listed(address.sentinels)}`;
    case 'cluster':
      return listed(address.nodes);
  }
}

export function clientOptions(address: RedisAddress, role: Role, commandTimeoutMs: number): ClientOptions {
  const common = roleOptions(role, commandTimeoutMs);
  const offline = { enableOfflineQueue: role === 'worker' };
  switch (address.kind) {
    case 'single':
      return { kind: 'redis', options: { ...common, ...offline, ...parseUrl(address.url) } };
    case 'sentinels':
      return {
        kind: 'redis',
        options: {
          ...common,
          ...offline,
          name: address.name,
          sentinels: address.sentinels.map(({ host, port }) => ({ host, port })),
          ...(address.password && { password: address.password.reveal(), sentinelPassword: address.password.reveal() }),
        },
      };
    case 'cluster':
      return {
        kind: 'cluster',
        nodes: address.nodes.map(({ host, port }) => ({ host, port })),
        options: {
          ...offline,
          redisOptions: {
            ...common,
            ...(address.password && { password: address.password.reveal() }),
            ...(address.tls && { tls: {} }),
          },
          // Managed clusters announce names that their certificates hold: an address would not match.
          ...(address.tls && { dnsLookup: (name, found) => found(null, name) }),
        },
      };
  }
}

function listed(nodes: readonly HostPort[]): string {
  return nodes.map(({ host, port }) => `${host}:${port}`).join(', ');
}

function roleOptions(role: Role, commandTimeoutMs: number) {
  const common = {
    connectTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: SILENT_SOCKET_MS,
    keepAlive: KEEP_ALIVE_MS,
    disconnectTimeout: DISCONNECT_MS,
    connectionName: `muster-${role}`,
  };
  // A command timeout on the worker's connection would cut its blocking reads.
  return role === 'worker'
    ? { ...common, maxRetriesPerRequest: null }
    : { ...common, maxRetriesPerRequest: 1, commandTimeout: commandTimeoutMs };
}

function parseUrl(secret: Secret) {
  try {
    return urlOptions(new URL(secret.reveal()));
  } catch {
    // No cause: what a URL parser says holds the URL, and so the password.
    throw new Fault(
      'misconfigured',
      `queue: ${secret.reference} is not a redis URL: write redis://host:port or rediss://user:password@host:port/0`,
    );
  }
}

function urlOptions(url: URL) {
  const database = /^\/?(\d{0,4})$/.exec(url.pathname)?.[1];
  const isRedis = url.protocol === 'redis:' || url.protocol === 'rediss:';
  if (!isRedis || url.hostname === '' || database === undefined || url.search !== '') throw new TypeError('not redis');
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? 6379 : Number(url.port),
    ...(url.username !== '' && { username: decodeURIComponent(url.username) }),
    ...(url.password !== '' && { password: decodeURIComponent(url.password) }),
    ...(database !== '' && { db: Number(database) }),
    ...(url.protocol === 'rediss:' && { tls: {} }),
  };
}
