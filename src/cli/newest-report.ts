import { isMalformed } from '../domain/fault.ts';
import type { SourceName } from '../domain/names.ts';
import type { ParsedReport } from '../domain/report.ts';
import { inTurns } from '../kit/steps.ts';
import type { Stage } from '../pipeline/stage.ts';

/** What the newest report of a source tells; undefined where there is none, or a damaged one, which `muster reports verify` names. */
export async function newestReport({ archive, kind }: Stage, source: SourceName): Promise<ParsedReport | undefined> {
  const about = kind(source);
  if (about === undefined) return undefined;
  try {
    const head = await archive.head(source);
    return head && (await inTurns(about.parse(await archive.parts(head))));
  } catch (error) {
    if (isMalformed(error)) return undefined;
    throw error;
  }
}
