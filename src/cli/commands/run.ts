import { logTo } from '../../telemetry/log.ts';
import { type Command, DONE } from '../io.ts';
import { options, readConfig } from '../session.ts';

export const run: Command = {
  summary: 'Run the daemon until SIGTERM: collect on schedule, archive, deliver. Logs are JSON lines on stderr.',
  usage: 'usage: muster run [--config FILE] [--log-level debug|info|warn|error]',
  async run(argv, io) {
    const { values } = options({
      args: [...argv],
      options: { config: { type: 'string' }, 'log-level': { type: 'string', default: 'info' } },
    });
    const config = await readConfig(io, values.config);
    const observe = logTo(io.err, io.clock, level(values['log-level']));
    const { runDaemon } = await import('../../daemon/run.ts');
    const scaledTickMs = io.env['NODE_ENV'] === 'test' ? Number(io.env['MUSTER_TEST_TICK_MS'] ?? 0) : 0;
    const daemon = await runDaemon(config, { clock: io.clock, observe, ...(scaledTickMs > 0 ? { scaledTickMs } : {}) });
    await new Promise((resolve) => {
      if (io.signal.aborted) resolve(undefined);
      io.signal.addEventListener('abort', resolve, { once: true });
    });
    await daemon.stop(io.signal.reason instanceof Error ? io.signal.reason.message : 'stopped');
    return DONE;
  },
};

function level(text: string) {
  return text === 'debug' || text === 'warn' || text === 'error' ? text : 'info';
}
