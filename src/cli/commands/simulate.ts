import { Fault } from '../../domain/fault.ts';
import { parseDuration } from '../../kit/duration.ts';
import { describeSimulator } from '../../simulator/describe.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from '../../simulator/simulator.ts';
import { type Command, DONE, UsageError } from '../io.ts';
import { options } from '../session.ts';

export const simulate: Command = {
  summary:
    'Run AWS, Alibaba Cloud and Tencent Cloud on loopback: real wire protocols, signatures, permissions and the four-hour cache. Prints one JSON line and runs until stopped.',
  usage: `usage: muster simulate [--port N] [--accounts N] [--alibaba N] [--tencent N] [--users N] [--seed N] [--cadence 4h] [--build 2s]

  --accounts of AWS, --alibaba and --tencent: how many accounts each cloud has
  --cadence  how long the cloud keeps a report before it makes a new one
  --build    how long it takes to make one
  beside the cloud: GET /_simulator/calls, /_simulator/history, /_simulator/reports;
                    POST /_simulator/clock, /_simulator/faults, /_simulator/identities (src/simulator/README.md)`,
  async run(argv, io) {
    const { values } = options({
      args: [...argv],
      options: {
        port: { type: 'string', default: '0' },
        accounts: { type: 'string', default: '3' },
        alibaba: { type: 'string', default: '1' },
        tencent: { type: 'string', default: '1' },
        users: { type: 'string', default: '12' },
        seed: { type: 'string', default: '1' },
        cadence: { type: 'string', default: '4h' },
        build: { type: 'string', default: '2s' },
      },
    });
    const simulator = await listening({
      clock: io.clock,
      port: whole('--port', values.port),
      accounts: whole('--accounts', values.accounts),
      alibaba: { accounts: whole('--alibaba', values.alibaba) },
      tencent: { accounts: whole('--tencent', values.tencent) },
      usersPerAccount: whole('--users', values.users),
      seed: whole('--seed', values.seed),
      cacheWindowMs: period('--cadence', values.cadence),
      buildMs: period('--build', values.build),
    });
    await io.out(`${JSON.stringify(describeSimulator(simulator))}\n`);
    await new Promise((resolve) => {
      if (io.signal.aborted) resolve(undefined);
      io.signal.addEventListener('abort', resolve, { once: true });
    });
    await simulator.close();
    return DONE;
  },
};

async function listening(wanted: SimulatorOptions): Promise<Simulator> {
  if ((wanted.port ?? 0) > 65_535) throw new UsageError(`--port ${wanted.port} is not a port: 0 to 65535`);
  return startSimulator(wanted).catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
    if (code === undefined) throw error;
    throw new Fault('misconfigured', `port ${wanted.port} cannot be used (${code}): choose another with --port`, {
      cause: error,
    });
  });
}

function whole(option: string, text: string): number {
  if (!/^\d{1,7}$/.test(text)) throw new UsageError(`${option} ${JSON.stringify(text)} is not a whole number`);
  return Number(text);
}

function period(option: string, text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined)
    throw new UsageError(`${option} ${JSON.stringify(text)} is not a duration: write for example 2s or 4h`);
  return ms;
}
