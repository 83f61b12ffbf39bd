import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './free-port.ts';
import { until } from './until.ts';

const run = promisify(execFile);
// Names, so that the search for dead code does not take them for npm packages.
const SERVER = 'redis-server';
const APT = 'apt-get';
const POLICY = '/usr/sbin/policy-rc.d';

export interface RedisServer {
  readonly port: number;
  readonly url: string;
  readonly pid: number;
  /** SIGKILL, SIGSTOP, SIGCONT; after SIGKILL it waits until the process is gone. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** The same port and folder: what was kept comes back. */
  restart(): Promise<void>;
  stop(): Promise<void>;
  /** What `redis-cli` prints. */
  cli(...args: string[]): Promise<string>;
}

export interface RedisServerOptions {
  readonly password?: string;
  /** Append-only file with fsync always; default true. */
  readonly aof?: boolean;
  readonly sentinel?: boolean;
  /** Lines of redis.conf. */
  readonly config?: readonly string[];
}

/** A real Redis on a free loopback port, in a folder of its own. */
export async function startRedis(options: RedisServerOptions = {}): Promise<RedisServer> {
  ensureInstalled();
  const folder = mkdtempSync(join(tmpdir(), 'muster-redis-'));
  const port = await freePort();
  const config = join(folder, 'redis.conf');
  writeFileSync(config, configLines(port, folder, options).join('\n'));
  const cli = async (...args: string[]) => {
    const auth = options.password === undefined ? [] : ['--no-auth-warning', '-a', options.password];
    return (await run('redis-cli', ['-p', String(port), ...auth, ...args], { timeout: 10_000 })).stdout.trim();
  };
  const start = async () => {
    const child = spawn(SERVER, [config, ...(options.sentinel === true ? ['--sentinel'] : [])], {
      stdio: 'ignore',
    });
    await until('redis answers', async () => (await cli('ping').catch(() => '')) === 'PONG');
    return child;
  };
  let child = await start();
  return {
    port,
    url: `redis://${options.password === undefined ? '' : `:${encodeURIComponent(options.password)}@`}127.0.0.1:${port}`,
    get pid() {
      return child.pid!;
    },
    kill: (signal) => (signal === 'SIGKILL' ? gone(child, signal) : Promise.resolve(void child.kill(signal))),
    async restart() {
      await gone(child, 'SIGKILL');
      child = await start();
    },
    async stop() {
      await gone(child, 'SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
    cli,
  };
}

function configLines(port: number, folder: string, options: RedisServerOptions): string[] {
  return [
    `port ${port}`,
    'bind 127.0.0.1',
    `dir ${folder}`,
    ...(options.sentinel === true
      ? []
      : ['save ""', `appendonly ${options.aof === false ? 'no' : 'yes'}`, 'appendfsync always']),
    ...(options.password === undefined ? [] : [`requirepass ${options.password}`]),
    ...(options.config ?? []),
    '',
  ];
}

async function gone(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGCONT');
  child.kill(signal);
  await exit;
}

/** On a bare machine where we are root it is installed, without its service being started. */
function ensureInstalled(): void {
  if (['/usr/bin', '/usr/local/bin', '/opt/homebrew/bin'].some((folder) => existsSync(join(folder, SERVER)))) return;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    throw new Error('these tests need redis-server and redis-cli: install the package redis-server');
  }
  const isOurs = !existsSync(POLICY);
  if (isOurs) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    execFileSync(APT, ['update', '-qq'], { stdio: 'ignore' });
    execFileSync(APT, ['install', '-y', '-qq', SERVER], {
      stdio: 'ignore',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  } finally {
    if (isOurs) rmSync(POLICY);
  }
}
