import type { Config } from '../../config/config.ts';
import type { Io } from '../io.ts';

/** Below the deadline of an examination, so that what Redis said is told and not that time ran out. */
const LIMITS = { startMs: 5_000, commandMs: 4_000 };

/** Opens the queue as the daemon does (it refuses a Redis that would lose jobs) and takes no job. Resolves to its name, and what it warned of. */
export async function tryQueue({ queue, deployment }: Config, { clock }: Io): Promise<string> {
  if (queue.type === 'embedded') return 'embedded';
  const { openRedisQueue } = await import('../../queue/redis.ts');
  const said: string[] = [];
  const opened = await openRedisQueue({
    connection: queue.connection,
    deployment,
    lanes: [],
    clock,
    limits: LIMITS,
    observe: (happening) => {
      if (happening.kind === 'warning') said.push(happening.message);
    },
  });
  await opened.close(0);
  return [opened.name, ...said].join('; ');
}
