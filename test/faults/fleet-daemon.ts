import { type ChildProcess, spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../kit/until.ts';

const LOOKS = 8;
const LOOK_EVERY_MS = 500;

export interface Memory {
  readonly retainedMb: number;
  readonly rssMb: number;
  /** Of the processor, and of the clock on the wall, since the daemon was started. */
  readonly cpuSeconds: number;
  readonly seconds: number;
}

export interface FleetDaemonOptions {
  readonly main: string;
  readonly folder: string;
  /** Of `scaledClock`. */
  readonly start: number;
  readonly rate: number;
  readonly anchor: number;
  readonly tickMs: number;
  readonly env: Readonly<Record<string, string>>;
}

/** One `muster run`, whose memory can be asked for. */
export class FleetDaemon {
  readonly #options: FleetDaemonOptions;
  #child: ChildProcess | undefined;
  stderr = '';

  constructor(options: FleetDaemonOptions) {
    this.#options = options;
  }

  start(): void {
    const { main, folder, start, rate, anchor, tickMs, env } = this.#options;
    const preload = join(import.meta.dirname, 'preload/heap.mjs');
    const child = spawn(
      process.execPath,
      [
        ...(process.env['FLEET_NODE'] ?? '').split(' ').filter(Boolean),
        '--expose-gc',
        '--import',
        preload,
        main,
        'run',
      ],
      {
        cwd: folder,
        stdio: ['ignore', 'ignore', 'pipe'],
        env: {
          PATH: process.env['PATH'],
          HOME: folder,
          TZ: 'UTC',
          NODE_ENV: 'test',
          MUSTER_HEAP_FILE: this.#heapFile,
          MUSTER_TEST_CLOCK: `${new Date(start).toISOString()},${rate},${anchor}`,
          MUSTER_TEST_TICK_MS: String(tickMs),
          ...env,
        },
      },
    );
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.stderr = (this.stderr + text).slice(-20_000);
    });
    this.#child = child;
  }

  /** What stays: the least of several looks, for a report of 5,000 users on its way is not kept. */
  async memory(): Promise<Memory> {
    const looks: Memory[] = [];
    for (let look = 0; look < LOOKS; look += 1) {
      looks.push(await this.#look());
      await pause(LOOK_EVERY_MS);
    }
    return looks.reduce((least, look) => (look.retainedMb < least.retainedMb ? look : least));
  }

  async #look(): Promise<Memory> {
    await rm(this.#heapFile, { force: true });
    this.#child?.kill('SIGUSR2');
    let text = '';
    await until(`the daemon tells its memory; it said\n${this.stderr}`, async () => {
      text = await readFile(this.#heapFile, 'utf8').catch(() => '');
      return text.endsWith('}');
    });
    const { retained, rss, cpuMs, ms } = JSON.parse(text) as Readonly<
      Record<'retained' | 'rss' | 'cpuMs' | 'ms', number>
    >;
    return { retainedMb: mb(retained), rssMb: mb(rss), cpuSeconds: seconds(cpuMs), seconds: seconds(ms) };
  }

  async stop(): Promise<number | null> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    child.kill('SIGTERM');
    return ended;
  }

  get #heapFile(): string {
    return join(this.#options.folder, 'heap.json');
  }
}

function mb(bytes: number): number {
  return Math.round((bytes / 1024 / 1024) * 10) / 10;
}

function seconds(ms: number): number {
  return Math.round(ms / 100) / 10;
}
