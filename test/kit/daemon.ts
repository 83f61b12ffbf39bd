import type { ChildProcess } from 'node:child_process';
import { type CliOptions, spawnMuster } from './cli.ts';
import { until } from './until.ts';

export interface LogLine {
  readonly level: string;
  readonly happening: string;
  readonly [field: string]: unknown;
}

export interface Daemon {
  readonly pid: number;
  /** What it has said so far; each line must be JSON. */
  readonly lines: () => readonly LogLine[];
  /** Waits for its line. */
  readonly said: (what: string, is: (line: LogLine) => boolean) => Promise<void>;
  /** SIGTERM; resolves to its exit code when it is gone. */
  readonly stop: () => Promise<number | null>;
}

const DEADLINE_MS = 30_000;

/** `muster run` as a child process. */
export async function startDaemon(args: readonly string[], options: CliOptions): Promise<Daemon> {
  const child = await spawnMuster(['run', ...args], options);
  let text = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  child.stdout?.resume();
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  const lines = () =>
    text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as LogLine);
  return {
    pid: child.pid!,
    lines,
    async said(what, is) {
      await until(
        `the daemon says ${what}; it said\n${text}`,
        () => isOver(child, text) || lines().some(is),
        DEADLINE_MS,
      );
    },
    async stop() {
      child.kill('SIGTERM');
      return exited;
    },
  };
}

function isOver(child: ChildProcess, text: string): false {
  if (child.exitCode !== null || child.signalCode !== null) throw new Error(`the daemon has ended: ${text}`);
  return false;
}

/** Whether anything of the process group is left: a daemon that ended must not leave a child. */
export function hasProcessGroup(pid: number): boolean {
  try {
    process.kill(-pid, 0);
    return true;
  } catch {
    return false;
  }
}
