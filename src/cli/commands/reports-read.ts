import { formatInstant } from '../../domain/instant.ts';
import type { SourceName } from '../../domain/names.ts';
import { CONTEXT_PART, type ReportEntry } from '../../domain/report.ts';
import { DONE, FAILED, type Io, UsageError } from '../io.ts';
import { pickSources, type Session } from '../session.ts';
import { jsonText, table } from '../text.ts';
import { entriesIn } from './events.ts';
import type { ReportsValues } from './reports-options.ts';

const ALWAYS = { since: undefined, until: undefined };

export async function list(session: Session, io: Io, rest: readonly string[], values: ReportsValues): Promise<number> {
  if (values.quarantined === true) return listQuarantined(session, io, values);
  const entries: ReportEntry[] = [];
  for (const source of await pickSources(session, rest)) {
    io.progress(`reading ${source}\n`);
    for await (const entry of entriesIn(session.archive, source, ALWAYS)) entries.push(entry);
  }
  if (values.json === true) {
    await io.out(jsonText(entries.map(({ manifest, sha256 }) => ({ ...manifest, manifest_sha256: sha256 }))));
    return DONE;
  }
  if (entries.length === 0) {
    await io.out('there are no reports yet\n');
    return DONE;
  }
  const rows = entries.map(({ source, number, manifest }) => [
    source,
    String(number),
    manifest.generated_at,
    manifest.collected_at,
    String(manifest.rows),
    manifest.origin,
    (manifest.parts[0]?.sha256 ?? '').slice(0, 16),
  ]);
  await io.out(table(['SOURCE', 'NUMBER', 'GENERATED', 'COLLECTED', 'ROWS', 'ORIGIN', 'SHA-256'], rows));
  return DONE;
}

async function listQuarantined(session: Session, io: Io, values: ReportsValues): Promise<number> {
  const all = await session.archive.quarantined();
  if (values.json === true)
    await io.out(
      jsonText(
        all.map((one) => ({
          ...one,
          generatedAt: formatInstant(one.generatedAt),
          collectedAt: formatInstant(one.collectedAt),
        })),
      ),
    );
  else
    await io.out(
      table(
        ['ID', 'SOURCE', 'GENERATED', 'ROWS', 'DECISION', 'REASON'],
        all.map((one) => [
          one.id,
          one.source,
          formatInstant(one.generatedAt),
          String(one.rows),
          one.decision ?? '-',
          one.reason,
        ]),
      ),
    );
  return DONE;
}

export async function show(session: Session, io: Io, rest: readonly string[]): Promise<number> {
  const entry = await pick(session, rest);
  const context = (await session.archive.parts(entry, [CONTEXT_PART])).get(CONTEXT_PART);
  const shown = {
    manifest_sha256: entry.sha256,
    manifest: entry.manifest,
    context: context && (JSON.parse(new TextDecoder().decode(context)) as unknown),
  };
  await io.out(jsonText(shown, 2));
  return DONE;
}

export async function cat(session: Session, io: Io, rest: readonly string[]): Promise<number> {
  const entry = await pick(session, rest);
  const name = rest[2] ?? entry.manifest.parts[0]?.name ?? '';
  if (!entry.manifest.parts.some((part) => part.name === name)) {
    io.err(
      `report ${entry.number} has no part ${JSON.stringify(name)}; it has ${entry.manifest.parts.map((part) => part.name).join(', ')}\n`,
    );
    return FAILED;
  }
  const bytes = (await session.archive.parts(entry, [name])).get(name);
  if (bytes !== undefined) await io.bytes(bytes);
  return DONE;
}

async function pick(session: Session, [where, which]: readonly string[]): Promise<ReportEntry> {
  if (where === undefined)
    throw new UsageError('say which: SOURCE or ACCOUNT, and a number (the newest when there is none)');
  const source = await only(session, where);
  const head = await session.archive.head(source);
  if (which !== undefined && !/^[1-9]\d{0,7}$/.test(which))
    throw new UsageError(`${JSON.stringify(which)} is not a report's number`);
  const entry = which === undefined ? head : await session.archive.entry(source, Number(which));
  if (entry === undefined)
    throw new UsageError(`${source} has ${head === undefined ? 'no report yet' : `reports 1 to ${head.number}`}`);
  return entry;
}

async function only(session: Session, text: string): Promise<SourceName> {
  const [source, ...more] = await pickSources(session, [text]);
  if (source === undefined || more.length > 0)
    throw new UsageError(`${JSON.stringify(text)} has several sources: name one of ${[source, ...more].join(', ')}`);
  return source;
}
