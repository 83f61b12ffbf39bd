import { basename } from 'node:path';
import { collectsFrom } from '../../domain/duties.ts';
import { Fault } from '../../domain/fault.ts';
import type { Instant } from '../../domain/instant.ts';
import { parseInstant } from '../../domain/instant.ts';
import { countInWords } from '../../domain/report.ts';
import { failpoint } from '../../kit/failpoint.ts';
import { sha256 } from '../../kit/hash.ts';
import { type Imported, importFile } from '../../pipeline/import.ts';
import { isNews } from '../../pipeline/shared-fault.ts';
import { type ConfiguredSource, configuredSources, describeSource, type Stage } from '../../pipeline/stage.ts';
import { noteFault, noteOk, sourceState } from '../../pipeline/state.ts';
import { inOrder, leftTaken, putAway, readWhole, standingIn, take } from './taking.ts';

/** A file is complete when nothing was written to it for so long. */
export const RESTS_MS = 10_000;
const HOUR_MS = 60 * 60_000;
/** A hundred thousand users, several times over. */
const MOST_BYTES = 128 * 1024 * 1024;

export interface DropTarget {
  readonly target: ConfiguredSource;
  readonly folder: string;
}

export interface Dropped {
  readonly target: ConfiguredSource;
  readonly file: string;
  readonly text: string;
  readonly failed: boolean;
}

export interface DropFolders {
  /** Imports what is complete. A file that it sees for the first time waits for the next look. */
  look(): Promise<{ readonly dropped: readonly Dropped[]; readonly waiting: number }>;
}

/** The drop folders of the accounts that this process asks. */
export function dropTargets(stage: Pick<Stage, 'accounts' | 'duties'>): readonly DropTarget[] {
  const ours = stage.accounts.filter(({ provider }) => collectsFrom(stage.duties, provider));
  return configuredSources(ours).flatMap((target) => {
    const folder = target.account.reports[target.source.slice(target.source.lastIndexOf('/') + 1)]?.dropFolder;
    return folder === undefined ? [] : [{ target, folder }];
  });
}

/** Whose folder it is twice, nobody knows whose its files are. */
export function sharedFolders(targets: readonly DropTarget[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const shared = new Set<string>();
  for (const { folder } of targets) (seen.has(folder) ? shared : seen).add(folder);
  return shared;
}

export function dropFolders(stage: Stage): DropFolders {
  const resting = new Map<string, { readonly identity: string; readonly since: Instant }>();
  const taken = new Map<string, Set<string>>();
  return {
    async look() {
      const targets = dropTargets(stage);
      const shared = sharedFolders(targets);
      const dropped: Dropped[] = [];
      let waiting = 0;
      for (const { target, folder } of targets) {
        if (shared.has(folder)) {
          warn(stage, `drop folder ${folder} is named by several accounts: nothing in it is imported`);
          continue;
        }
        try {
          const mine = taken.get(folder) ?? new Set(await leftTaken(folder)); // of a process that ended in between
          taken.set(folder, mine);
          waiting += await takeComplete(folder, mine, resting, stage);
          for (const file of await inOrder(mine, timeOf)) {
            const outcome = await importTaken(file, folder, target, stage);
            if (outcome === undefined) continue;
            mine.delete(file);
            dropped.push(outcome);
          }
          waiting += mine.size;
        } catch (error) {
          tell(error, folder, target, stage);
        }
      }
      return { dropped, waiting };
    },
  };
}

/** Resolves to how many are not complete yet. */
async function takeComplete(
  folder: string,
  mine: Set<string>,
  resting: Map<string, { readonly identity: string; readonly since: Instant }>,
  stage: Stage,
): Promise<number> {
  const now = stage.clock.now();
  let waiting = 0;
  for (const standing of await standingIn(folder)) {
    const key = `${folder}/${standing.name}`;
    const seen = resting.get(key);
    if (seen?.identity !== standing.identity) resting.set(key, { identity: standing.identity, since: now });
    if (seen?.identity !== standing.identity || now < seen.since + RESTS_MS) {
      waiting += 1;
      continue;
    }
    resting.delete(key);
    const file = await take(folder, standing);
    if (file !== undefined) mine.add(file);
  }
  return waiting;
}

/** Undefined when it is to be tried again. */
async function importTaken(
  file: string,
  folder: string,
  target: ConfiguredSource,
  stage: Stage,
): Promise<Dropped | undefined> {
  const kind = stage.kind(target.source);
  const read = await readWhole(file, MOST_BYTES);
  if (kind === undefined || read.is === 'changing') return undefined;
  const told = { target, file: basename(file) };
  if (read.is === 'too large') {
    const reason = `it is larger than ${MOST_BYTES / 1024 / 1024} MiB: no report is`;
    return { ...told, ...(await refuse(file, folder, sha256(file), reason, target, stage)) };
  }
  const imported = await importFile(target, kind, read.bytes, timeOf(basename(file), read.writtenAt), stage);
  failpoint('drop.imported');
  const digest = sha256(read.bytes);
  const verdict = verdictOn(imported);
  if (verdict.isRefused) return { ...told, ...(await refuse(file, folder, digest, verdict.text, target, stage)) };
  await putAway(folder, file, 'done', digest);
  await noteOk(stage.archive, sourceState(target.source), stage.clock.now());
  return { ...told, text: verdict.text, failed: false };
}

/** When somebody says so in the name (`…2026-11-20T08-00-00Z….csv`) that; else when it was written. */
function timeOf(name: string, writtenAt: number): Instant {
  const said = /(\d{4}-\d{2}-\d{2})T(\d{2})[-.:]?(\d{2})[-.:]?(\d{2})Z/.exec(name);
  const instant = said && parseInstant(`${said[1]}T${said[2]}:${said[3]}:${said[4]}Z`);
  return instant ?? Math.floor(writtenAt / 1_000) * 1_000;
}

function verdictOn(imported: Imported): { readonly isRefused: boolean; readonly text: string } {
  switch (imported.kind) {
    case 'archived':
      return {
        isRefused: false,
        text: `report ${imported.entry.number}: ${countInWords(imported.entry.source, imported.entry.manifest.rows)}`,
      };
    case 'known':
      return { isRefused: false, text: `it was brought before, as ${imported.as}` };
    case 'refused':
      return { isRefused: true, text: imported.reason };
    case 'dropped':
      return { isRefused: imported.reason !== 'it is archived already', text: imported.reason };
    case 'quarantined': {
      const { id, reason } = imported.quarantined;
      return {
        isRefused: true,
        text: `it is in quarantine: ${reason}; look at it, then muster reports accept ${id} or reject ${id}`,
      };
    }
  }
}

async function refuse(
  file: string,
  folder: string,
  digest: string,
  reason: string,
  target: ConfiguredSource,
  stage: Stage,
): Promise<Pick<Dropped, 'text' | 'failed'>> {
  const { clock, archive } = stage;
  const where = await putAway(
    folder,
    file,
    'refused',
    digest,
    `${JSON.stringify(basename(file))} was refused: ${reason}`,
  );
  const message = `${describeSource(target)}: the file ${JSON.stringify(basename(file))} was refused: ${reason} (now ${JSON.stringify(where)})`;
  stage.observe({ kind: 'fault', job: 'import', subject: target.source, fault: 'malformed', message });
  await noteFault(archive, sourceState(target.source), new Fault('malformed', message), clock.now());
  return { text: `refused: ${reason}`, failed: true };
}

/** What the archive or the file system refuses is tried again at the next look. */
function tell(error: unknown, folder: string, target: ConfiguredSource, stage: Stage): void {
  const code = (error as { readonly code?: unknown }).code;
  if (error instanceof Fault) warn(stage, `${describeSource(target)}: drop folder ${folder}: ${error.message}`);
  else if (typeof code === 'string')
    warn(
      stage,
      `${describeSource(target)}: drop folder ${folder} cannot be worked on (${code}): Muster must be able to list it and to make folders in it`,
    );
  else throw error;
}

function warn(stage: Stage, message: string): void {
  if (isNews(message, stage, HOUR_MS)) stage.observe({ kind: 'warning', message });
}
