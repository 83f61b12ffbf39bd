import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

const PROC_HERTZ = 100;
const STOP_MS = 15_000;

/** The time that all agree on: so many times as fast as the machine's, from one moment of the machine on. */
export interface SharedTime {
  readonly start: number;
  readonly rate: number;
  readonly anchor: number;
}

export function simulatedAt(time: SharedTime, machineMs: number): number {
  return time.start + (machineMs - time.anchor) * time.rate;
}

export interface WorkerOptions {
  readonly name: string;
  readonly main: string;
  readonly folder: string;
  readonly config: string;
  readonly time: SharedTime;
  readonly skewMs: number;
  readonly tickMs: number;
  readonly onSummary: (source: string, number: number) => void;
}

/** One `muster run` whose clock is off by so much; killed and started again it is the same worker. */
export class FaultyWorker {
  readonly options: WorkerOptions;
  readonly log: string[] = [];
  /** In MB, one for each time that it was noted. */
  readonly rss: number[] = [];
  cpuSeconds = 0;
  kills = 0;
  #child: ChildProcess | undefined;

  constructor(options: WorkerOptions) {
    this.options = options;
  }

  start(): void {
    const { main, config, time, skewMs, tickMs } = this.options;
    const child = spawn(process.execPath, [main, 'run', '--config', config, '--log-level', 'debug'], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'],
        TZ: 'UTC',
        NODE_ENV: 'test',
        MUSTER_TEST_CLOCK: `${new Date(time.start + skewMs).toISOString()},${time.rate},${time.anchor}`,
        MUSTER_TEST_TICK_MS: String(tickMs),
      },
    });
    eachLine(child.stderr, (line) => this.log.push(line));
    eachLine(child.stdout, (line) => this.#summary(line));
    this.#child = child;
  }

  /** SIGKILL, and at once a new one. */
  async crash(): Promise<void> {
    await this.#end('SIGKILL');
    this.kills += 1;
    this.start();
  }

  /** True when it left by itself with code 0. */
  async stop(): Promise<boolean> {
    const code = await this.#end('SIGTERM');
    await writeFile(join(this.options.folder, `${this.options.name}.log`), `${this.log.join('\n')}\n`);
    return code === 0;
  }

  /** For a run that failed: whatever it does, it ends. */
  abandon(): void {
    this.#child?.kill('SIGKILL');
  }

  /** Memory and CPU, where /proc tells. */
  note(): void {
    try {
      const status = readFileSync(`/proc/${this.#child?.pid}/status`, 'utf8');
      const fields = readFileSync(`/proc/${this.#child?.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
      const rss = /VmRSS:\s+(\d+)/.exec(status)?.[1];
      if (rss !== undefined) this.rss.push(Math.round(Number(rss) / 1_024));
      this.cpuSeconds = Math.round((Number(fields[11]) + Number(fields[12])) / PROC_HERTZ);
    } catch {
      // another system, or just being killed
    }
  }

  async #end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#child;
    if (child === undefined) return null;
    if (child.exitCode !== null || child.signalCode !== null) {
      const last = this.log.slice(-5).join('\n');
      throw new Error(`${this.options.name} ended by itself (${child.exitCode ?? child.signalCode}):\n${last}`);
    }
    const closed = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    const code = await closed;
    clearTimeout(timer);
    return code;
  }

  #summary(line: string): void {
    // The last line before a SIGKILL may be torn.
    const event = parsed(line) as { report: { source: string; number: number } } | undefined;
    if (event !== undefined) this.options.onSummary(event.report.source, event.report.number);
  }
}

/** How often each thing was said; of warnings and faults also the words. */
export function countLog(log: readonly string[]): {
  readonly counts: ReadonlyMap<string, number>;
  readonly words: ReadonlyMap<string, number>;
} {
  const counts = new Map<string, number>();
  const words = new Map<string, number>();
  for (const line of log) {
    const said = (parsed(line) as Readonly<Record<string, string>> | undefined) ?? {
      level: 'warn',
      message: line.slice(0, 200),
    };
    const { happening = 'torn', level, message, reason, what } = said;
    add(counts, happening);
    if (level !== 'warn' && level !== 'error') continue;
    add(
      words,
      `${happening}: ${(message ?? reason ?? what ?? '').replace(/\d{12}/g, '<account>').replace(/\d{4}-[\dT:.-]+Z/g, '<time>')}`,
    );
  }
  return { counts, words };
}

function eachLine(stream: Readable, take: (line: string) => void): void {
  createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on('line', take);
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
