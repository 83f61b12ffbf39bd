import { type ChildProcess, execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Runs a compiled file in a process of its own (a clean heap) and reads the JSON line that it prints. */
export async function measured<T>(file: string, args: readonly string[]): Promise<T> {
  const { stdout } = await promisify(execFile)(process.execPath, [file, ...args], { maxBuffer: 2 ** 26 });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as T; // our own child's line
}

/** Resolves at the first line of the stream that the test accepts; rejects when the process ends before. */
export function lineOf(child: ChildProcess, from: 'stdout' | 'stderr', accept: (line: string) => boolean) {
  return new Promise<string>((resolve, reject) => {
    let text = '';
    const read = (chunk: Buffer) => {
      text += chunk.toString();
      const line = text.split('\n').slice(0, -1).find(accept);
      if (line !== undefined) resolve(line);
    };
    child[from]?.on('data', read);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`a process of the bench ended with ${code}: ${text.slice(-2_000)}`)));
  });
}

export function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}
