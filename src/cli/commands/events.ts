import type { Archive } from '../../archive/port.ts';
import { derive } from '../../derive/derive.ts';
import { type Derived, EVENT_KINDS } from '../../domain/event.ts';
import type { LoadedReport } from '../../domain/loaded.ts';
import type { SourceName } from '../../domain/names.ts';
import type { ReportEntry } from '../../domain/report.ts';
import { type Format, linesOf } from '../../formats/format.ts';
import { formats } from '../../formats/registry.ts';
import { load, loadBase } from '../../pipeline/load.ts';
import type { Stage } from '../../pipeline/stage.ts';
import { damageTo } from '../damage.ts';
import { type Command, DONE, FAILED, type Io, UsageError } from '../io.ts';
import { lookInto, options, type Period, periodOf, pickSources } from '../session.ts';

export const events: Command = {
  summary: 'What the archive means: every event of a period as NDJSON on stdout. Needs no sink and no credentials.',
  usage: `usage: muster events [--source SOURCE|ACCOUNT]… [--since TIME] [--until TIME] [--kind KIND]… [--format FORMAT] [--config FILE]

  --since, --until  by when the cloud generated the report: 2026-11-20 or 2026-11-20T09:00:00Z
  --kind            ${EVENT_KINDS.join(', ')}`,
  async run(argv, io) {
    const { values } = options({
      args: [...argv],
      options: {
        config: { type: 'string' },
        source: { type: 'string', multiple: true, default: [] },
        since: { type: 'string' },
        until: { type: 'string' },
        kind: { type: 'string', multiple: true, default: [] },
        format: { type: 'string', default: 'plain' },
      },
    });
    const kinds = kindsOf(values.kind);
    const format = formats.find(({ name }) => name === values.format);
    if (format === undefined)
      throw new UsageError(
        `there is no format ${values.format}; there are ${formats.map(({ name }) => name).join(', ')}`,
      );
    const period = periodOf(values.since, values.until);
    return lookInto(io, values.config, async (session) => {
      const damage = damageTo(io);
      for (const source of await pickSources(session, values.source)) {
        io.progress(`reading ${source}\n`);
        for await (const derived of derivedEvents(session.stage, source, period, damage.meets)) {
          const wanted = derived.filter(({ event }) => kinds.length === 0 || kinds.includes(event.kind));
          await write(wanted, format, io);
        }
      }
      return damage.isMet() ? FAILED : DONE;
    });
  },
};

const CHUNK_CHARS = 65_536;

async function write(wanted: readonly Derived[], format: Format, io: Io): Promise<void> {
  let chunk = '';
  for (const { event } of wanted) {
    for (const { text } of linesOf(format, event)) chunk += `${text}\n`;
    if (chunk.length < CHUNK_CHARS) continue;
    await io.out(chunk);
    chunk = '';
  }
  if (chunk !== '') await io.out(chunk);
}

export async function* entriesIn(
  archive: Archive,
  source: SourceName,
  { since, until }: Period,
  onDamage: (error: unknown) => void = rethrow,
): AsyncGenerator<ReportEntry> {
  const head = await archive.head(source).catch(onDamage);
  for (let number = 1; number <= (head?.number ?? 0); number++) {
    const entry = (await archive.entry(source, number).catch(onDamage)) ?? undefined;
    if (entry === undefined || entry.generatedAt < (since ?? 0)) continue;
    if (until !== undefined && entry.generatedAt > until) return;
    yield entry;
  }
}

/** Report by report: what `deliver` would send of it, before any sink's policy. */
export async function* derivedEvents(
  stage: Stage,
  source: SourceName,
  period: Period,
  onDamage: (error: unknown) => void = rethrow,
): AsyncGenerator<readonly Derived[]> {
  for await (const entry of entriesIn(stage.archive, source, period, onDamage)) {
    const derived = await eventsOf(stage, entry).catch(onDamage);
    if (derived !== undefined) yield derived;
  }
}

function rethrow(error: unknown): void {
  throw error;
}

/** `asFirst`: what a sink is told that begins with this report. */
export async function eventsOf(stage: Stage, entry: ReportEntry, asFirst = false): Promise<readonly Derived[]> {
  const current = await load(stage.archive, stage.kind, entry);
  return meaningOf(asFirst ? undefined : await loadBase(stage.archive, stage.kind, entry), current);
}

export function meaningOf(base: LoadedReport | 'damaged' | undefined, current: LoadedReport): readonly Derived[] {
  return base === 'damaged' ? derive(undefined, current, { baseDamaged: true }) : derive(base, current);
}

export function kindsOf(texts: readonly string[]): readonly string[] {
  const known: readonly string[] = EVENT_KINDS;
  const kinds = texts.flatMap((text) => text.split(','));
  for (const kind of kinds)
    if (!known.includes(kind))
      throw new UsageError(`there is no kind ${JSON.stringify(kind)}; there are ${known.join(', ')}`);
  return kinds;
}
