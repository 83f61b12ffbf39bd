#!/usr/bin/env node
import { once } from 'node:events';
import type { Clock } from '../domain/clock.ts';
import { Fault } from '../domain/fault.ts';
import { parseInstant } from '../domain/instant.ts';
import { scaledClock, systemClock } from '../kit/clock.ts';
import { didYouMean } from '../kit/suggest.ts';
import { VERSION } from '../kit/version.ts';
import { commands } from './commands.ts';
import { type Command, DONE, FAILED, type Io, UnreadableFile, UsageError, WRONG_USE } from './io.ts';
import { cleanText } from './text.ts';

/** Commands that do more than print: whoever reads along may go, the work goes on. */
const WORKS = new Set(['run', 'collect', 'replay', 'demo', 'simulate']);

process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

process.exitCode = await main(process.argv.slice(2));
if (process.argv[2] === 'run') process.exit(); // timers of a client whose Redis is gone must not keep a stopped daemon

async function main(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv;
  const io = processIo();
  if (name === '--version' || name === '-v') return said(io, `muster ${VERSION}\n`);
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') return said(io, overview());
  const known = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (known === undefined) {
    const hint = didYouMean(name, Object.keys(commands)) || ';';
    io.err(`muster: there is no command ${JSON.stringify(name.slice(0, 80))}${hint} muster --help lists them\n`);
    return WRONG_USE;
  }
  return runCommand(name, await known.load(), rest, io);
}

async function runCommand(name: string, command: Command, argv: readonly string[], io: Io): Promise<number> {
  if (argv.includes('--help') || argv.includes('-h')) return said(io, `${command.summary}\n\n${command.usage}\n`);
  try {
    return await command.run(argv, io);
  } catch (error) {
    return explain(name, command, error, io);
  }
}

/** One line that names the thing and says what to do; a stack only for a bug of ours. */
function explain(name: string, command: Command, error: unknown, io: Io): number {
  if (isBrokenPipe(error)) return readerIsGone(name);
  if (isFileSystem(error)) {
    io.err(`muster ${name}: cannot write what was asked for (${error.code})\n`);
    return FAILED;
  }
  if (error instanceof UsageError || isParseArgsError(error)) {
    const usage = error instanceof UnreadableFile ? '' : `\n${command.usage}\n`;
    io.err(`muster ${name}: ${cleanText(error.message)}\n${usage}`);
    return WRONG_USE;
  }
  if (error instanceof Error && error.name === 'ConfigError') {
    io.err(`${cleanText(error.message)}\n`);
    return WRONG_USE;
  }
  if (error instanceof Fault) {
    io.err(`muster ${name}: ${error.kind}: ${cleanText(error.message)}\n`);
    return FAILED;
  }
  if (io.signal.aborted) return FAILED;
  io.err(
    `muster ${name}: this is a bug in muster ${VERSION}, please report it\n${error instanceof Error ? error.stack : String(error)}\n`,
  );
  return FAILED;
}

function isParseArgsError(error: unknown): error is Error {
  return error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}

function readerIsGone(name: string): number {
  return WORKS.has(name) ? FAILED : DONE;
}

function isFileSystem(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && ['ENOSPC', 'EIO', 'EFBIG'].includes(String(error.code));
}

function isBrokenPipe(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EPIPE';
}

async function said(io: Io, text: string): Promise<number> {
  await io.out(text);
  return DONE;
}

function overview(): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length));
  const lines = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`);
  return `muster ${VERSION}: a provable record of the long-lived credentials in your clouds

usage: muster COMMAND [options]     (muster COMMAND --help tells more)

${lines.join('\n')}

Most commands read --config FILE (muster.yaml). Exit codes: 0 done, 1 found or failed, 2 wrong use or config.
`;
}

function processIo(): Io {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(130); // a second signal: now
      controller.abort(new Error(signal));
    });
  }
  process.stdout.on('error', (error) => {
    if (isBrokenPipe(error) && !WORKS.has(process.argv[2] ?? '')) process.exit(DONE); // `muster events | head` is done
  });
  const write = async (chunk: string | Uint8Array) => {
    if (!process.stdout.write(chunk)) await once(process.stdout, 'drain');
  };
  return {
    out: write,
    bytes: write,
    err: (text) => void process.stderr.write(text),
    progress: (text) => void (process.stderr.isTTY && process.stderr.write(text)),
    env: process.env,
    cwd: process.cwd(),
    clock: clockOf(process.env),
    signal: controller.signal,
  };
}

/**
 * `MUSTER_TEST_CLOCK=<iso start>,<rate>[,<milliseconds of the machine's clock at that start>]` lets a test live through
 * days, and several processes through the same ones; without NODE_ENV=test it is not looked at.
 */
function clockOf(env: NodeJS.ProcessEnv): Clock {
  const spec = env['NODE_ENV'] === 'test' ? env['MUSTER_TEST_CLOCK'] : undefined;
  const [start = '', rate = '1', startedAt] = spec?.split(',') ?? [];
  const instant = parseInstant(start);
  if (instant === undefined) return systemClock();
  const passedMs = startedAt === undefined ? 0 : systemClock().now() - Number(startedAt);
  return scaledClock(instant + passedMs * Number(rate), Number(rate));
}
