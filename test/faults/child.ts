import { type ChildProcess, spawn } from 'node:child_process';
import type { Program } from './program.ts';

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Child {
  readonly pid: number;
  readonly ended: Promise<Ended>;
  /** What it has said on stderr so far. */
  said(): string;
  kill(signal: NodeJS.Signals): void;
}

export interface SpawnOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly preload?: string;
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 60_000;

/** One `muster` process with an environment of its own. */
export function startMuster(program: Program, args: readonly string[], options: SpawnOptions): Child {
  const preload = options.preload === undefined ? [] : ['--import', options.preload];
  return startProcess(process.execPath, [...preload, program.main, ...args], options);
}

export function startProcess(file: string, args: readonly string[], options: SpawnOptions): Child {
  const env = { PATH: process.env['PATH'] ?? '', NODE_ENV: 'test', ...options.env };
  const process_ = spawn(file, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  process_.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  process_.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = end(process_, options.timeoutMs ?? TIMEOUT_MS).then((how) => ({ ...how, stdout, stderr }));
  return { pid: process_.pid ?? 0, ended, said: () => stderr, kill: (signal) => void process_.kill(signal) };
}

/** A process that hangs is ended, and its signal tells: no case plants SIGABRT. */
function end(process_: ChildProcess, timeoutMs: number): Promise<Pick<Ended, 'code' | 'signal'>> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      process_.kill('SIGCONT');
      process_.kill('SIGABRT');
    }, timeoutMs);
    process_.once('error', reject);
    process_.once('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal });
    });
  });
}
