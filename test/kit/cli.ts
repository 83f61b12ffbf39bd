import { type ChildProcess, spawn } from 'node:child_process';
import { formatInstant, type Instant } from '../../src/domain/instant.ts';
import { ensureBuilt, MAIN } from './built-cli.ts';

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
}

export interface CliOptions {
  readonly cwd: string;
  /** The time that the command lives in, and runs through RATE times as fast; the machine's when absent. */
  readonly at?: Instant | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
}

const DEADLINE_MS = 60_000;
/** The pause between two looks at a report in the making is two seconds: nobody has to sit through them. */
const RATE = 20;

/** Runs the built command as a child process to its end. */
export async function muster(args: readonly string[], options: CliOptions): Promise<CliResult> {
  const began = performance.now();
  const child = await spawnMuster(args, options);
  const output = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream]?.setEncoding('utf8').on('data', (text: string) => {
      output[stream] += text;
    });
  }
  const timer = setTimeout(() => child.kill('SIGKILL'), DEADLINE_MS);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  clearTimeout(timer);
  return { code, ...output, ms: performance.now() - began };
}

/** With a process group of its own, so that whatever it might leave behind can be seen. */
export async function spawnMuster(args: readonly string[], options: CliOptions): Promise<ChildProcess> {
  await ensureBuilt();
  const clock = options.at === undefined ? {} : { MUSTER_TEST_CLOCK: `${formatInstant(options.at)},${RATE}` };
  const { PATH = '', HOME = '' } = process.env;
  return spawn(process.execPath, [MAIN, ...args], {
    cwd: options.cwd,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH, HOME, NODE_ENV: 'test', ...clock, ...options.env },
  });
}
