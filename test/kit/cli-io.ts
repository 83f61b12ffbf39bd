import type { Io } from '../../src/cli/io.ts';
import type { Clock } from '../../src/domain/clock.ts';

export interface TestIo extends Io {
  /** What was said, by stream. */
  readonly said: { out: string; err: string; progress: string };
}

/** For a command that runs inside the test. */
export function cliIo(cwd: string, clock: Clock, env: NodeJS.ProcessEnv = {}): TestIo {
  const said = { out: '', err: '', progress: '' };
  return {
    said,
    out: async (text) => void (said.out += text),
    bytes: async (bytes) => void (said.out += Buffer.from(bytes).toString('utf8')),
    err: (text) => void (said.err += text),
    progress: (text) => void (said.progress += text),
    env,
    cwd,
    clock,
    signal: new AbortController().signal,
  };
}
