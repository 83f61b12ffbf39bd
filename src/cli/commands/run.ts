import { Fault } from '../../domain/fault.ts';
import { LEVELS, logTo } from '../../telemetry/log.ts';
import { DUTY_OPTIONS, DUTY_USAGE, dutiesOf } from '../duties.ts';
import { type Command, DONE } from '../io.ts';
import { oneOf, options, readConfig } from '../session.ts';

export const run: Command = {
  summary: 'Run the daemon until SIGTERM: collect on schedule, archive, deliver. Logs are JSON lines on stderr.',
  usage: `usage: muster run [--only collect [--provider NAME]… | --only deliver] [--config FILE] [--log-level debug|info|warn|error]

${DUTY_USAGE}`,
  async run(argv, io) {
    const { values } = options({
      args: [...argv],
      options: { config: { type: 'string' }, 'log-level': { type: 'string' }, ...DUTY_OPTIONS },
    });
    const level = oneOf('--log-level', values['log-level'], LEVELS);
    const duties = dutiesOf(values);
    const config = await readConfig(io, values.config, duties);
    const observe = logTo(io.err, io.clock, level ?? 'info');
    const { runDaemon } = await import('../../daemon/run.ts');
    const scaledTickMs = io.env['NODE_ENV'] === 'test' ? Number(io.env['MUSTER_TEST_TICK_MS'] ?? 0) : 0;
    const daemon = await runDaemon(config, {
      clock: io.clock,
      observe,
      duties,
      ...(scaledTickMs > 0 ? { scaledTickMs } : {}),
    }).catch((error: unknown) => {
      throw notListening(error) ?? error;
    });
    await new Promise((resolve) => {
      if (io.signal.aborted) resolve(undefined);
      io.signal.addEventListener('abort', resolve, { once: true });
    });
    await daemon.stop(io.signal.reason instanceof Error ? io.signal.reason.message : 'stopped');
    return DONE;
  },
};

/** Another process has the port, or the address is not ours: for an operator to mend, not a bug of ours. */
function notListening(error: unknown): Fault | undefined {
  const { syscall, code, address, port } = error as Partial<Record<'syscall' | 'code' | 'address' | 'port', unknown>>;
  if (!(error instanceof Error) || syscall !== 'listen') return undefined;
  return new Fault(
    'misconfigured',
    `http.listen ${String(address)}:${String(port)}: ${String(code)}: name a free address of this machine`,
    {
      cause: error,
    },
  );
}
