import { COVERAGE_KIND, COVERAGE_PART, type CoverageList } from '../domain/coverage.ts';
import { formatInstant, type Instant } from '../domain/instant.ts';
import { type SourceName, sourceName } from '../domain/names.ts';
import { coverage } from './coverage.ts';
import { jsonPart } from './json-part.ts';
import { fileOwn } from './own-source.ts';
import type { Stage } from './stage.ts';

const DAY_MS = 24 * 60 * 60_000;

export function coverageSource(deployment: string): SourceName {
  return sourceName({ provider: 'muster', accountId: deployment, kind: COVERAGE_KIND });
}

/**
 * Files the state of every account once each UTC day, so that an account of which nothing is told that day is one that Muster does not know. It
 * reads every newest report: too much for each tick. What changes in between is told by health.
 */
export async function fileCoverage(stage: Stage): Promise<void> {
  const source = coverageSource(stage.deployment);
  const head = await stage.archive.head(source);
  const now = stage.clock.now();
  if (head !== undefined && dayOf(head.generatedAt) >= dayOf(now)) return;
  const accounts = await coverage(stage, []);
  if (accounts.length === 0) return;
  const list: CoverageList = { version: 1, accounts };
  const part = jsonPart(COVERAGE_PART, list);
  await fileOwn(stage, source, head, { part, rows: accounts.length, everyMs: DAY_MS });
}

function dayOf(instant: Instant): string {
  return formatInstant(instant).slice(0, 10);
}
