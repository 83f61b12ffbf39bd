import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Happening } from '../../src/domain/happening.ts';
import { fileSink } from '../../src/sinks/file/file-sink.ts';
import { FileSettings } from '../../src/sinks/file/settings.ts';
import type { Encoded } from '../../src/sinks/sink.ts';
import { temporaryFolder } from './folder.ts';
import { type MovableClock, movableClock } from './movable-clock.ts';
import { patient, sinkTools } from './sink-compliance.ts';

/** A file sink over a fresh folder. */
export interface FileBench {
  readonly folder: string;
  readonly path: string;
  readonly clock: MovableClock;
  readonly happenings: Happening[];
  readonly send: (batch: readonly Encoded[]) => Promise<void>;
  readonly lines: () => Promise<readonly string[]>;
  readonly names: () => Promise<readonly string[]>;
}

/** Each send by a sink of its own, as after a restart, unless `reuse`. */
export async function fileBench(yaml: Readonly<Record<string, unknown>> = {}, reuse = false): Promise<FileBench> {
  const { path: folder, remove } = await temporaryFolder();
  const path = join(folder, 'events.ndjson');
  const clock = movableClock();
  const happenings: Happening[] = [];
  const tools = sinkTools({ clock, observe: (happening) => void happenings.push(happening) });
  const make = () => fileSink(FileSettings.parse({ path, ...yaml }), tools);
  const kept = make();
  onTestFinished(async () => {
    await kept.close();
    await remove();
  });
  return {
    folder,
    path,
    clock,
    happenings,
    async send(batch) {
      const sink = reuse ? kept : make();
      await sink.send(batch, patient());
      if (!reuse) await sink.close();
    },
    lines: () => linesIn(folder),
    names: async () => (await readdir(folder)).sort(),
  };
}

/** Every line of every file, the rotated ones first. */
export async function linesIn(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.ndjson'));
  const aside = names.filter((name) => name !== 'events.ndjson').sort();
  const files = await Promise.all(
    [...aside, ...names.filter((name) => name === 'events.ndjson')].map((name) => readFile(join(folder, name), 'utf8')),
  );
  return files
    .join('')
    .split('\n')
    .filter((line) => line !== '');
}
