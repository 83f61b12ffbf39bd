import { access, constants, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Dropped, dropFolders, dropTargets, RESTS_MS, sharedFolders } from '../daemon/drop-folder/drop-folders.ts';
import { Fault } from '../domain/fault.ts';
import { type ConfiguredSource, describeSource } from '../pipeline/stage.ts';
import type { Io } from './io.ts';
import type { Session } from './session.ts';

/** Imports what lies in the drop folders; where something does, it waits until that is known to be complete. */
export async function importDropped({ stage }: Session, io: Io): Promise<readonly Dropped[]> {
  if (dropTargets(stage).length === 0) return [];
  const folders = dropFolders(stage);
  const first = await folders.look();
  if (first.waiting === 0) return first.dropped;
  io.progress('files in a drop folder must rest for ten seconds…\n');
  await io.clock.sleepUntil(io.clock.now() + RESTS_MS, io.signal);
  return [...first.dropped, ...(await folders.look()).dropped];
}

export interface ExaminedFolder {
  readonly about: string;
  /** Says what it is for, or throws a Fault. */
  readonly attempt: () => Promise<string>;
}

/** For `muster doctor`. */
export function dropFoldersToExamine({ stage }: Session): readonly ExaminedFolder[] {
  const targets = dropTargets(stage);
  const shared = sharedFolders(targets);
  return targets.map(({ target, folder }) => ({
    about: `drop folder ${folder}`,
    attempt: async () => {
      await examine(folder, shared.has(folder), target);
      return `files in it are imported for ${describeSource(target)}`;
    },
  }));
}

async function examine(folder: string, isShared: boolean, target: ConfiguredSource): Promise<void> {
  const wrong = (what: string) => new Fault('misconfigured', `${describeSource(target)}: ${what}`);
  if (isShared) throw wrong('another account names the same drop folder: give each its own');
  await access(folder, constants.R_OK | constants.W_OK | constants.X_OK).catch((error: unknown) => {
    throw wrong(
      `it cannot be worked on (${String((error as { readonly code?: unknown }).code)}): make the folder, and let Muster list it and write in it`,
    );
  });
  const refused = (await readdir(join(folder, 'refused')).catch(() => [])).filter((name) => name.endsWith('.txt'));
  if (refused.length > 0) {
    const what = refused.length === 1 ? '1 file was' : `${refused.length} files were`;
    throw new Fault(
      'malformed',
      `${describeSource(target)}: ${what} refused; read refused/*.txt, bring what is whole, and remove what was refused`,
    );
  }
}
