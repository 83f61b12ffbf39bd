import { Fault } from '../domain/fault.ts';
import type { RedisClient } from './redis-client.ts';

const OLDEST = [6, 2] as const;

export interface Verdict {
  /** Odd, but the queue works. */
  readonly warnings: readonly string[];
  /** False when we may not ask: BullMQ must not ask either. */
  readonly mayAsk: boolean;
}

/** Asks every master what it is. A server that would lose or evict jobs silently is refused. */
export async function checkRedis(client: RedisClient, where: string): Promise<Verdict> {
  const warnings = new Set<string>();
  let mayAsk = true;
  for (const node of 'nodes' in client ? client.nodes('master') : [client]) {
    const info = await node.info().catch((error: Error) => {
      if (!error.message.startsWith('NOPERM')) throw error;
      return undefined;
    });
    if (info === undefined) mayAsk = false;
    else for (const warning of judgeInfo(info, where)) warnings.add(warning);
  }
  if (!mayAsk) warnings.add(`redis at ${where}: INFO is denied, so version and memory policy were not checked`);
  return { warnings: [...warnings], mayAsk };
}

/** Pure: what INFO says about this server. */
export function judgeInfo(info: string, where: string): string[] {
  const fields = new Map(info.split(/\r?\n/).map((line) => splitOnce(line)));
  const version = fields.get('redis_version');
  if (version !== undefined && isOlder(version)) {
    throw new Fault('misconfigured', `redis at ${where} is version ${version}: use ${OLDEST.join('.')} or newer`);
  }
  const policy = fields.get('maxmemory_policy');
  if (policy !== undefined && policy !== 'noeviction') {
    throw new Fault(
      'misconfigured',
      `redis at ${where} evicts keys (maxmemory-policy ${policy}), so jobs would vanish: set maxmemory-policy noeviction`,
    );
  }
  if (fields.get('aof_enabled') !== '0') return [];
  return [`redis at ${where} does not keep its data (appendonly no): a restart forgets the jobs until the next tick`];
}

function isOlder(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]);
}

function splitOnce(line: string): [string, string] {
  const colon = line.indexOf(':');
  return colon < 0 ? [line, ''] : [line.slice(0, colon), line.slice(colon + 1)];
}
