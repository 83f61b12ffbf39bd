import { link, unlink } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Fault } from '../../domain/fault.ts';
import { turns } from '../../kit/turns.ts';
import type { Sink, SinkTools } from '../sink.ts';
import { fileFault } from './file-fault.ts';
import { append, isInPlace, type LiveFile, openLiveFile } from './live-file.ts';
import { type Lock, lockBeside } from './lock.ts';
import { finishRotation, isRotationDue, rotate } from './rotation.ts';
import type { FileSettings } from './settings.ts';
import { mendTail } from './torn-line.ts';

/** NDJSON, appended. A batch is delivered when it is on the disk. The lock is held for one batch at a time. */
export function fileSink(settings: FileSettings, tools: SinkTools): Sink {
  const path = resolve(settings.path);
  const writer = fileWriter(path, settings, tools);
  const order = turns();
  let closed = false;
  const locked = async (signal: AbortSignal, work: (lock: Lock) => Promise<void>) => {
    signal.throwIfAborted();
    if (closed) throw new Fault('unreachable', `file ${path}: the sink is closed`);
    await order.take(signal, () => underLock(path, signal, work));
  };
  return {
    limits: { maxEvents: 1_000, maxBytes: 1_048_576 },
    check: (signal) => locked(signal, () => writer.prove()),
    async send(batch, signal) {
      const bytes = Buffer.from(batch.map((event) => `${event.text}\n`).join(''));
      if (bytes.length > 0) await locked(signal, (lock) => writer.write(bytes, lock));
      return { delivered: batch, rejected: [] };
    },
    async close() {
      closed = true;
      await order.idle();
      await writer.close();
    },
  };
}

async function underLock(path: string, signal: AbortSignal, work: (lock: Lock) => Promise<void>): Promise<void> {
  try {
    const lock = await lockBeside(path, signal);
    try {
      await work(lock);
    } finally {
      await lock.release();
    }
  } catch (failure) {
    throw fileFault(path, failure);
  }
}

interface FileWriter {
  write(bytes: Buffer, lock: Lock): Promise<void>;
  /** Everything that a write needs, without a line. */
  prove(): Promise<void>;
  close(): Promise<void>;
}

function fileWriter(path: string, settings: FileSettings, tools: SinkTools): FileWriter {
  const rule = { rotateBytes: settings.rotate_bytes, daily: settings.rotate_daily };
  let live: LiveFile | undefined;
  const close = async () => {
    const open = live;
    live = undefined;
    await open?.handle.close();
  };
  const ready = async (batchBytes: number): Promise<LiveFile> => {
    if (live !== undefined && !(await isInPlace(path, live))) await close();
    if (live === undefined) await finishRotation(path);
    live ??= await openLiveFile(path, Number.parseInt(settings.mode, 8));
    const cutBytes = await mendTail(path, live);
    if (cutBytes > 0) tools.observe({ kind: 'warning', message: cutMessage(tools.name, path, cutBytes) });
    const file = await live.handle.stat();
    if (!isRotationDue(file, batchBytes, tools.clock.now(), rule)) return live;
    await close();
    await rotate(path, file.mtimeMs);
    live = await openLiveFile(path, Number.parseInt(settings.mode, 8));
    return live;
  };
  return {
    async write(bytes, lock) {
      try {
        const file = await ready(bytes.length);
        if (!(await lock.isMine())) throw new Fault('throttled', `file ${path}: another worker took it over`);
        await append(file, bytes, tools.clock.now());
      } catch (failure) {
        await close().catch(() => undefined); // opened and mended afresh next time
        throw failure;
      }
    },
    async prove() {
      await (await ready(0)).handle.datasync();
      await proveLink(path);
    },
    close,
  };
}

/** Rotation needs hard links, which some network and FUSE folders do not have. The lock, which we hold, is at hand. */
async function proveLink(path: string): Promise<void> {
  const second = `${path}.lock.link`;
  await unlink(second).catch(() => undefined); // left by a check that was killed
  await link(`${path}.lock`, second).catch((cause: unknown) => {
    throw new Fault(
      'misconfigured',
      `file ${path}: its folder has no hard links, which rotation needs: use a local disk`,
      {
        cause,
      },
    );
  });
  await unlink(second);
}

function cutMessage(sink: string, path: string, bytes: number): string {
  return `sink ${sink}: cut ${bytes} bytes of a torn last line off ${path}; its events are sent again`;
}
