import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openArchive } from '../../src/archive/archive.ts';
import { openFileStore } from '../../src/archive/file-store.ts';
import type { Archive } from '../../src/archive/port.ts';
import { type VerifyResult, verify } from '../../src/archive/verify.ts';
import { derive } from '../../src/derive/derive.ts';
import type { Event } from '../../src/domain/event.ts';
import { splitSource } from '../../src/domain/names.ts';
import { load, loadBase } from '../../src/pipeline/load.ts';
import { providers } from '../../src/providers/registry.ts';
import { movableClock } from './movable-clock.ts';

const FOLDER = join(import.meta.dirname, '../fixtures/golden-archive');

/** Written by Muster 0.1.0, and never again: what releases before this one left in people's buckets. */
async function goldenArchive(): Promise<Archive> {
  return openArchive(await openFileStore(join(FOLDER, 'archive')), { clock: movableClock() });
}

export async function verifiedGoldenArchive(): Promise<VerifyResult> {
  return verify(await openFileStore(join(FOLDER, 'archive')));
}

/** One line for each event that the archive means: its report, its id, its type, and whom it is about. */
export async function derivedIds(): Promise<readonly string[]> {
  const archive = await goldenArchive();
  const lines: string[] = [];
  for (const source of await archive.sources()) {
    const kindOf = () => {
      const { provider, kind } = splitSource(source);
      return providers.find(({ name }) => name === provider)?.kinds[kind];
    };
    const head = await archive.head(source);
    for (let number = 1; number <= (head?.number ?? 0); number++) {
      const entry = await archive.entry(source, number);
      if (entry === undefined) throw new Error(`report ${number} of ${source} is gone`);
      const base = await loadBase(archive, kindOf, entry);
      if (base === 'damaged') throw new Error(`the base of report ${number} of ${source} is damaged`);
      const current = await load(archive, kindOf, entry);
      for (const { event } of derive(base, current)) lines.push(lineOf(event));
      if (number > 1)
        for (const { event } of derive(undefined, current)) lines.push(`${lineOf(event)} (as a first report)`);
    }
  }
  return [...new Set(lines)].sort();
}

function lineOf({ id, type, report, identity, check, finding_id, data }: Event): string {
  const about = identity?.id ?? data?.['source'] ?? data?.['sink'] ?? data?.['organization'];
  const words = [`${report.source}/${report.number}`, id, type, check?.id, finding_id, about];
  return words.flatMap((word) => (typeof word === 'string' ? [word] : [])).join(' ');
}

export function committedIds(): readonly string[] {
  return readFileSync(join(FOLDER, 'event-ids.txt'), 'utf8').trimEnd().split('\n');
}
