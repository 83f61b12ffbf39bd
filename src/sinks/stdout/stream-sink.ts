import type { Writable } from 'node:stream';
import { Fault } from '../../domain/fault.ts';
import { turns, untilAborted } from '../../kit/turns.ts';
import type { Encoded, Sink } from '../sink.ts';

/** One line per event. A batch is delivered when the stream has taken it: a slow reader slows Muster down. */
export function streamSink(stream: Writable): Sink {
  const order = turns();
  const ignore = () => undefined; // the write's callback tells; without a listener a broken pipe would end the process
  stream.on('error', ignore);
  let closed = false;
  const assertOpen = () => {
    if (closed || stream.destroyed || !stream.writable) throw broken('it is closed');
  };
  return {
    limits: { maxEvents: 1_000, maxBytes: 1_048_576 },
    async check(signal) {
      signal.throwIfAborted();
      assertOpen();
    },
    async send(batch, signal) {
      signal.throwIfAborted();
      assertOpen();
      if (batch.length > 0) await order.take(signal, () => untilAborted(signal, write(stream, batch)));
      return { delivered: batch, rejected: [] };
    },
    async close() {
      closed = true;
      await order.idle();
      if (stream.writableLength === 0) stream.off('error', ignore); // a write that is stuck may still fail later
    },
  };
}

function write(stream: Writable, batch: readonly Encoded[]): Promise<void> {
  const lines = batch.map((event) => `${event.text}\n`).join('');
  return new Promise((resolve, reject) => {
    stream.write(lines, (failure) => {
      if (failure === undefined || failure === null) resolve();
      else reject(broken(codeOf(failure), failure));
    });
  });
}

function broken(why: string, cause?: unknown): Fault {
  return new Fault('unreachable', `standard output cannot be written (${why}): look at what reads it`, { cause });
}

function codeOf(failure: Error): string {
  return (failure as NodeJS.ErrnoException).code ?? failure.name;
}
