import type { Clock } from '../domain/clock.ts';

/** What a command may touch of the outside: a test hands in its own. */
export interface Io {
  readonly out: (text: string) => Promise<void>;
  readonly bytes: (bytes: Uint8Array) => Promise<void>;
  readonly err: (text: string) => void;
  /** Progress for a person; silent when stderr is not a terminal. */
  readonly progress: (text: string) => void;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly clock: Clock;
  /** Aborted by SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
}

export interface Command {
  readonly summary: string;
  readonly usage: string;
  readonly run: (argv: readonly string[], io: Io) => Promise<number>;
}

/** Wrong use of the command line: exit code 2, with the usage. */
export class UsageError extends Error {}

/** A file that the command line names: exit code 2, and no usage, which would not help. */
export class UnreadableFile extends UsageError {
  constructor(what: string, cause: unknown) {
    super(`${what} cannot be read: ${cause instanceof Error ? cause.message : 'unknown'}`, { cause });
  }
}

export const DONE = 0;
export const FAILED = 1;
export const WRONG_USE = 2;
