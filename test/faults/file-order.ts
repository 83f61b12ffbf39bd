import { dirname } from 'node:path';

/** One thing done to a file, as `preload/trace-files.mjs` wrote it down. */
export interface FileStep {
  readonly do: 'write' | 'sync' | 'link' | 'rename';
  readonly path: string;
  readonly to?: string;
}

/**
 * What a power cut may not undo: bytes before the name that shows them, the name before anything that relies on it.
 * An archive object that is linked must have been synced, its folder is synced before the next object is linked, and a
 * receipt comes after the sync of the lines that it speaks of.
 */
export function orderProblems(steps: readonly FileStep[], archive: string, events: string): readonly string[] {
  const problems: string[] = [];
  const unsynced = new Set<string>();
  const unsafe = new Map<string, string>();
  for (const { do: what, path, to = '' } of steps) {
    if (what === 'write') unsynced.add(path);
    if (what === 'sync') {
      unsynced.delete(path);
      unsafe.delete(path);
    }
    const target = to.startsWith(archive) ? to.slice(archive.length + 1) : undefined;
    if (target === undefined) continue;
    if (what === 'rename') problems.push(`${target} was renamed into place: it could replace another`);
    if (what !== 'link') continue;
    if (unsynced.has(path)) problems.push(`${target} got its name before its bytes were synced`);
    for (const earlier of reliesOn(target, unsafe))
      problems.push(`${target} came before the name of ${earlier} was synced`);
    if (target.startsWith('receipts/lines/') && unsynced.has(events))
      problems.push(`${target} came before the lines were synced`);
    unsafe.set(dirname(to), target);
  }
  return problems;
}

/** A manifest relies on the parts in its folder, a receipt on everything. */
function reliesOn(target: string, unsafe: ReadonlyMap<string, string>): readonly string[] {
  if (!target.endsWith('/manifest.json') && !target.startsWith('receipts/')) return [];
  return [...unsafe.values()];
}
