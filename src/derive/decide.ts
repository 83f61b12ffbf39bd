import type { Context } from '../domain/context.ts';
import type { Findings } from '../domain/finding.ts';
import type { Instant } from '../domain/instant.ts';
import type { SourceName } from '../domain/names.ts';
import { FINDINGS_PART, type ParsedReport, type Parts } from '../domain/report.ts';
import { atOnce, type Steps } from '../kit/steps.ts';
import { decidingAudit } from './access/decide-audit.ts';
import { ACCESS_SEEN_PART } from './access/seen.ts';
import { decidedPart } from './decided-part.ts';
import { judging } from './judge.ts';
import { SEEN_PART, seenIn, seenWith } from './seen.ts';

/** A report that is about to join its chain. */
export interface Matter {
  readonly source: SourceName;
  readonly parsed: ParsedReport;
  readonly generatedAt: Instant;
  readonly context: Context;
}

/** Something that is decided once, at collection, and kept as a part of the report. */
export interface Decided {
  readonly name: string;
  readonly value: unknown;
}

/** The parts of the head that the next report is decided by. */
export const DECIDED_PARTS: readonly string[] = [FINDINGS_PART, SEEN_PART, ACCESS_SEEN_PART];

/** What is decided of a report beside what was decided of the head: `earlier` holds the head's decided parts, or nothing. */
export function decide(matter: Matter, earlier: Parts): readonly Decided[] {
  return atOnce(deciding(matter, earlier));
}

/** The same in steps. */
export function* deciding(matter: Matter, earlier: Parts): Steps<readonly Decided[]> {
  const previous = yield* findingsIn(earlier);
  yield;
  const audited = yield* decidingAudit(matter, earlier, previous);
  if (audited !== undefined) return audited;
  const { source, parsed, generatedAt, context } = matter;
  const { rules, exceptions } = context;
  const { management } = context.account;
  const about = management === undefined ? {} : { management };
  const findings = yield* judging({ source, parsed, generatedAt, rules, exceptions, ...about }, previous);
  yield;
  const before = seenIn(earlier);
  yield;
  const seen = seenWith(parsed, before);
  return [
    { name: FINDINGS_PART, value: findings },
    ...(seen.keys.length === 0 ? [] : [{ name: SEEN_PART, value: seen }]),
  ];
}

export function findingsIn(parts: Parts): Steps<Findings | undefined> {
  return decidedPart(parts, FINDINGS_PART);
}
