// A worker process of its own, for the tests that kill one: node --import tsx queue-worker.ts URL DEPLOYMENT
import { systemClock } from '../../src/kit/clock.ts';
import { Secret } from '../../src/kit/secret.ts';
import { openRedisQueue } from '../../src/queue/redis.ts';

const [url = '', deployment = ''] = process.argv.slice(2);
const clock = systemClock();
const queue = await openRedisQueue({
  connection: { kind: 'single', url: new Secret(url, 'argv') },
  deployment,
  lanes: ['plan', 'collect-aws', 'deliver'],
  clock,
  observe: () => undefined,
  limits: { lockMs: 1_000, stalledIntervalMs: 500 },
});
// No process.exit: a handle that the queue leaves open would keep the process alive.
process.once('SIGTERM', () => void queue.close(1_000));
await queue.work(
  async (_job, signal) => {
    process.stdout.write('working\n');
    await clock.sleepUntil(clock.now() + 3_600_000, signal);
    return { do: 'done' };
  },
  { plan: 1, collect: 1, deliver: 1 },
);
