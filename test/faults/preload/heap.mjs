// Loaded into a Muster process by the fleet run: on SIGUSR2 it collects garbage and writes what is left, in bytes, and the processor time spent, to
// the file that MUSTER_HEAP_FILE names. Needs --expose-gc.
import { writeFileSync } from 'node:fs';

process.on('SIGUSR2', () => {
  globalThis.gc();
  setTimeout(() => {
    globalThis.gc();
    const { heapUsed, external, rss } = process.memoryUsage();
    const { user, system } = process.cpuUsage();
    writeFileSync(process.env.MUSTER_HEAP_FILE, JSON.stringify({ retained: heapUsed + external, rss, cpuMs: Math.round((user + system) / 1000), ms: Math.round(performance.now()) }));
  }, 200);
});
