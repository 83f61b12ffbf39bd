import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Anchor, verify } from '../../archive/verify.ts';
import { DONE, FAILED, type Io, UnreadableFile, UsageError } from '../io.ts';
import type { Session } from '../session.ts';
import { jsonText, lineOf } from '../text.ts';
import type { ReportsValues } from './reports-options.ts';

/** Walks every chain and receipt. Without anchors it says that the newest reports cannot be proven to be all there are. */
export async function verifyArchive(
  session: Session,
  io: Io,
  _rest: readonly string[],
  values: ReportsValues,
): Promise<number> {
  const anchors: Anchor[] = [];
  for (const file of values.anchors) anchors.push(...(await anchorsIn(resolve(io.cwd, file))));
  const result = await verify(session.store, {
    anchors,
    progress: ({ sources, reports }) => io.progress(`walked ${sources} sources, ${reports} reports\n`),
  });
  if (values.json === true) {
    await io.out(jsonText(result));
    return result.problems.length === 0 ? DONE : FAILED;
  }
  for (const { key, what } of result.problems) await io.out(`${lineOf(key)}: ${lineOf(what)}\n`);
  const counts = `${result.sources} sources, ${result.reports} reports, ${result.parts} parts, ${result.receipts} receipts, ${result.litter} left-over objects that nothing names`;
  await io.out(`${result.problems.length === 0 ? 'whole' : `${result.problems.length} problems`}: ${counts}\n`);
  if (result.tail === 'unproven') {
    await io.out(
      'the newest reports cannot be proven from the archive alone: give --anchors a file of events that your SIEM kept (summary events carry the head)\n',
    );
  }
  return result.problems.length === 0 ? DONE : FAILED;
}

/** Summary events, one a line, in the plain format: each names its report's manifest. Other events are passed over. */
async function anchorsIn(file: string): Promise<readonly Anchor[]> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new UnreadableFile(`--anchors ${file}`, error);
  });
  return text.split('\n').flatMap((line, index) => (line.trim() === '' ? [] : anchorIn(line, `${file}:${index + 1}`)));
}

function anchorIn(line: string, place: string): readonly Anchor[] {
  let event: unknown;
  try {
    event = JSON.parse(line);
  } catch {
    throw new UsageError(`${place}: not a line of JSON`);
  }
  const { kind, report, data } = event as {
    kind?: unknown;
    report?: { source?: unknown };
    data?: { head?: { number?: unknown; manifest_sha256?: unknown } };
  };
  const { number, manifest_sha256: digest } = data?.head ?? {};
  if (
    kind !== 'summary' ||
    typeof report?.source !== 'string' ||
    typeof number !== 'number' ||
    typeof digest !== 'string'
  )
    return [];
  return [{ source: report.source, number, manifest_sha256: digest }];
}
