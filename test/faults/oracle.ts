import { readFile } from 'node:fs/promises';
import { openArchive } from '../../src/archive/archive.ts';
import { openFileStore } from '../../src/archive/file-store.ts';
import { verify } from '../../src/archive/verify.ts';
import { systemClock } from '../../src/kit/clock.ts';
import type { Bench } from './bench.ts';
import { FILE_SINK, WEBHOOK_SINK } from './home.ts';
import { claimProblems } from './oracle-claims.ts';
import { reportProblems } from './oracle-cloud.ts';
import { type Meaning, meaningOf } from './oracle-meaning.ts';
import { secretProblems } from './oracle-secrets.ts';

/** `crashed`: what must hold at any moment, a kill a moment ago included. `recovered`: what must hold after a clean run. */
export type Phase = 'crashed' | 'recovered';

export interface Verdict {
  readonly problems: readonly string[];
  /** Events that the archive means and a sink neither has nor refused. */
  readonly lost: number;
  /** Events that a sink has more than once: allowed, and counted. */
  readonly duplicated: number;
  readonly reports: number;
}

const NAMED = 3;

/** Compares what the archive means with what truly arrived. Knows nothing of logs, queues or exit codes. */
export async function judge(bench: Bench, phase: Phase): Promise<Verdict> {
  const store = await openFileStore(bench.home.archive);
  const archive = openArchive(store, { clock: systemClock() });
  const problems: string[] = [];
  for (const { key, what } of (await verify(store)).problems) problems.push(`reports verify: ${key}: ${what}`);
  const meaning = await meaningOf(store, archive);
  problems.push(...meaning.problems);
  const lines = await linesOf(bench.home.events, phase);
  problems.push(...lines.problems);
  let lost = 0;
  for (const [sink, arrived] of [
    [WEBHOOK_SINK, bench.receiver.taken],
    [FILE_SINK, lines.ids],
  ] as const) {
    const judged = await judgeSink(sink, arrived, meaning, archive, phase);
    problems.push(...judged.problems);
    lost += judged.lost;
  }
  problems.push(...reportProblems(bench, meaning.entries), ...claimProblems(bench, meaning.entries));
  problems.push(...(await secretProblems(bench)));
  const duplicated = repeats(bench.receiver.taken) + repeats(lines.ids);
  const reports = meaning.entries.filter(({ source }) => source === bench.source).length;
  return { problems, lost, duplicated, reports };
}

async function judgeSink(
  sink: typeof WEBHOOK_SINK | typeof FILE_SINK,
  arrived: ReadonlyMap<string, number>,
  meaning: Meaning,
  archive: ReturnType<typeof openArchive>,
  phase: Phase,
): Promise<{ readonly problems: readonly string[]; readonly lost: number }> {
  const problems: string[] = [];
  const buried = new Set<string>();
  for await (const letter of archive.deadLetters()) if (letter.sink === sink) buried.add(letter.event_id);
  const meant = meaning.meant[sink];
  const missing = (ids: Iterable<string>) => [...ids].filter((id) => !arrived.has(id) && !buried.has(id));
  const invented = [...arrived.keys()].filter((id) => !meaning.all.has(id));
  if (invented.length > 0)
    problems.push(`${sink}: ${invented.length} events that the archive does not mean${some(invented)}`);
  for (const receipt of meaning.receipts.filter((one) => one.sink === sink)) {
    const { key, source, number } = receipt;
    const ids = meant.get(`${source}/${number}`) ?? [];
    const unproven = missing(ids);
    const refused = ids.filter((id) => buried.has(id)).length;
    if (receipt.rejected !== refused || receipt.events !== ids.length - refused)
      problems.push(
        `${key}: says ${receipt.events} and ${receipt.rejected} refused, but ${refused} of ${ids.length} were`,
      );
    if (unproven.length > 0)
      problems.push(`${key}: a receipt, but ${unproven.length} events never arrived${some(unproven)}`);
  }
  if (phase === 'crashed') return { problems, lost: 0 };
  const lost = missing([...meant.values()].flat());
  if (lost.length > 0) problems.push(`${sink}: ${lost.length} events lost${some(lost)}`);
  for (const { source, number } of meaning.entries) {
    const isIn = meaning.receipts.some((one) => one.sink === sink && one.source === source && one.number === number);
    if (!isIn) problems.push(`${sink}: no receipt for ${source} ${number}`);
  }
  return { problems, lost: lost.length };
}

/** Whole lines only while a crash may have torn the last one; afterwards every line must be whole. */
async function linesOf(file: string, phase: Phase) {
  const text = await readFile(file, 'utf8').catch(() => '');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  const problems = phase === 'recovered' && whole !== text ? ['the last line of the file sink is torn'] : [];
  const ids = new Map<string, number>();
  for (const line of whole.split('\n').filter((one) => one !== '')) {
    const id = idOf(line);
    if (id === undefined) problems.push(`the file sink holds a line that is no event: ${line.slice(0, 60)}`);
    else ids.set(id, (ids.get(id) ?? 0) + 1);
  }
  return { ids, problems };
}

function idOf(line: string): string | undefined {
  try {
    return (JSON.parse(line) as { readonly id: string }).id;
  } catch {
    return undefined;
  }
}

function repeats(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count - 1, 0);
}

function some(ids: readonly string[]): string {
  return `: ${ids.slice(0, NAMED).join(', ')}${ids.length > NAMED ? ', …' : ''}`;
}
