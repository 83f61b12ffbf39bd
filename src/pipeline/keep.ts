import type { Draft, Quarantined } from '../archive/port.ts';
import { DECIDED_PARTS, deciding } from '../derive/decide.ts';
import { Fault, isMalformed } from '../domain/fault.ts';
import { formatInstant } from '../domain/instant.ts';
import { CONTEXT_PART, type ParsedReport, type Parts, type RawReport, type ReportEntry } from '../domain/report.ts';
import { hashing } from '../kit/hash.ts';
import { writingJson } from '../kit/json-steps.ts';
import { inTurns } from '../kit/steps.ts';
import type { ReportKind } from '../providers/provider.ts';
import { contextOf } from './context.ts';
import { guard } from './guard.ts';
import { jsonPart } from './json-part.ts';
import type { ConfiguredSource, Stage } from './stage.ts';

const FUTURE_MS = 5 * 60_000;
const PARSE_ATTEMPTS = 3;
const RACES = 10;

export type Kept =
  | { readonly kind: 'archived'; readonly entry: ReportEntry; readonly parsed: ParsedReport }
  | { readonly kind: 'quarantined'; readonly quarantined: Quarantined }
  | { readonly kind: 'dropped'; readonly reason: string };

export interface KeepOptions {
  /** A person (or a newer Muster) has decided: the guard does not ask again. */
  readonly accepted?: boolean;
  /** It was parsed just now. */
  readonly parsed?: ParsedReport;
  /** What is in quarantine, as this look at the source has read it: a list is a request to the bucket. */
  readonly held?: readonly Quarantined[];
}

/** Parse, judge, guard, archive. Losing the race for a number means reading the new head and deciding anew. */
export async function keep(
  target: ConfiguredSource,
  kind: ReportKind,
  raw: RawReport,
  stage: Stage,
  options: KeepOptions = {},
): Promise<Kept> {
  const held = options.held ?? (await stage.archive.quarantined(target.source));
  const again = await alreadyHeld(raw, held, options);
  if (again !== undefined) return { kind: 'quarantined', quarantined: again };
  const parsed = await parseOnce(target, kind, raw, stage, options);
  for (let race = 0; race < RACES; race++) {
    const head = await stage.archive.head(target.source);
    const refusal = await refuse(raw, head);
    if (refusal !== undefined)
      return refusal === 'other-bytes'
        ? toQuarantine(target, raw, parsed, 'another report with the same generation time is archived', stage)
        : { kind: 'dropped', reason: refusal };
    const reason =
      parsed === undefined
        ? `the parser died on it ${PARSE_ATTEMPTS} times`
        : objection(target, raw, parsed, head, held, stage);
    if (parsed === undefined || (reason !== undefined && options.accepted !== true))
      return toQuarantine(target, raw, parsed, reason ?? '', stage);
    const appended = await stage.archive.append(target.source, await draftOf(target, raw, parsed, head, stage), head);
    if (appended.kind === 'appended') {
      await supersede(appended.entry, held, stage);
      return announce(appended.entry, parsed, stage);
    }
  }
  throw new Fault('unreachable', `source ${target.source}: lost the race for a number ${RACES} times`);
}

/** The same bytes of the same moment say nothing new: what is in quarantine may not vouch for itself. */
async function alreadyHeld(raw: RawReport, held: readonly Quarantined[], options: KeepOptions) {
  if (options.accepted === true) return undefined;
  const same = held.filter(({ generatedAt, decision }) => generatedAt === raw.generatedAt && decision !== 'accepted');
  if (same.length === 0) return undefined;
  const digest12 = (await reportDigest(raw)).slice(0, 12);
  return same.find(({ id }) => id.endsWith(digest12));
}

/** A newer report joined the chain: what waited before it needs no decision any more. Read again, for somebody may just have decided. */
async function supersede(entry: ReportEntry, held: readonly Quarantined[], stage: Stage): Promise<void> {
  const isOlder = ({ decision, generatedAt }: Quarantined) => decision === undefined && generatedAt < entry.generatedAt;
  if (!held.some(isOlder)) return;
  for (const quarantined of (await stage.archive.quarantined(entry.source)).filter(isOlder))
    await stage.archive.decide(quarantined, 'superseded', stage.clock.now());
}

/** Undefined when earlier attempts on the same bytes never came back: a parser that dies must not take the fleet with it. */
export async function parseOnce(
  target: ConfiguredSource,
  kind: ReportKind,
  raw: RawReport,
  stage: Stage,
  options: KeepOptions = {},
): Promise<ParsedReport | undefined> {
  if (options.parsed !== undefined) return options.parsed;
  const digest = await reportDigest(raw);
  const attempts = await stage.archive.announceParse(target.source, digest, stage.version, stage.clock.now());
  if (attempts > PARSE_ATTEMPTS && options.accepted !== true) return undefined;
  const parsed = await inTurns(kind.parse(partsOf(raw)));
  await stage.archive.parsed(target.source, digest, stage.version);
  for (const what of parsed.oddities.slice(0, 10)) stage.observe({ kind: 'oddity', source: target.source, what });
  return parsed;
}

async function refuse(raw: RawReport, head: ReportEntry | undefined): Promise<string | undefined> {
  if (head === undefined || raw.generatedAt > head.generatedAt) return undefined;
  const same = raw.generatedAt === head.generatedAt;
  if (same && head.manifest.parts[0]?.sha256 !== (await reportDigest(raw))) return 'other-bytes';
  return same
    ? 'it is archived already'
    : `it was generated at ${formatInstant(raw.generatedAt)}, and report ${head.number} of ${formatInstant(head.generatedAt)} is newer`;
}

function objection(
  target: ConfiguredSource,
  raw: RawReport,
  parsed: ParsedReport,
  head: ReportEntry | undefined,
  held: readonly Quarantined[],
  stage: Stage,
): string | undefined {
  if (isOfTheFuture(raw, stage))
    return `it says that it was generated in the future, at ${formatInstant(raw.generatedAt)}`;
  const earlier = undecidedOf(since(head, held)).filter(({ generatedAt }) => generatedAt < raw.generatedAt);
  return guard(parsed, head, earlier, accountOf(target, stage));
}

/** The archive takes no such report, whoever brings it. */
export function isOfTheFuture({ generatedAt }: Pick<RawReport, 'generatedAt'>, { clock }: Stage): boolean {
  return generatedAt > clock.now() + FUTURE_MS;
}

export function accountOf({ account }: ConfiguredSource, stage: Stage) {
  return { id: account.id, isRealCloud: stage.isRealCloud(account) };
}

/** Quarantined reports that are newer than the head and that nobody decided about. */
export async function undecided(
  { source }: Pick<ConfiguredSource, 'source'>,
  head: ReportEntry | undefined,
  { archive }: Pick<Stage, 'archive'>,
): Promise<readonly Quarantined[]> {
  return undecidedOf(since(head, await archive.quarantined(source)));
}

export function undecidedOf(held: readonly Quarantined[]): readonly Quarantined[] {
  return held.filter(({ decision }) => decision === undefined);
}

/** Whatever was decided: the cloud looked then, and has nothing newer until its window is over. */
export function since(head: ReportEntry | undefined, held: readonly Quarantined[]): readonly Quarantined[] {
  return held.filter(({ generatedAt }) => generatedAt > (head?.generatedAt ?? 0));
}

async function toQuarantine(
  target: ConfiguredSource,
  raw: RawReport,
  parsed: ParsedReport | undefined,
  reason: string,
  stage: Stage,
): Promise<Kept> {
  const quarantined = await stage.archive.quarantine(
    target.source,
    {
      ...draftBase(raw, stage),
      rows: parsed?.rows ?? 0,
      columns: parsed?.columns.length ?? 0,
      parts: raw.parts,
      notVisible: raw.notVisible,
      ...(raw.cloudName === undefined ? {} : { cloudName: raw.cloudName }),
    },
    reason,
  );
  stage.observe({ kind: 'quarantined', source: target.source, id: quarantined.id, reason });
  return { kind: 'quarantined', quarantined };
}

async function draftOf(
  target: ConfiguredSource,
  raw: RawReport,
  parsed: ParsedReport,
  head: ReportEntry | undefined,
  stage: Stage,
): Promise<Draft> {
  const context = contextOf(target, raw, stage);
  const matter = { source: target.source, parsed, generatedAt: raw.generatedAt, context };
  const earlier = await earlierDecisions(head, stage);
  const decided = await inTurns(deciding(matter, earlier));
  const parts = [...raw.parts, jsonPart(CONTEXT_PART, context)];
  for (const { name, value } of decided) parts.push({ name, bytes: await inTurns(writingJson(value)) });
  return { ...draftBase(raw, stage), rows: parsed.rows, columns: parsed.columns.length, parts };
}

/** A head whose own decisions are damaged decides nothing: what is open begins anew as a baseline. */
async function earlierDecisions(head: ReportEntry | undefined, stage: Stage): Promise<Parts> {
  if (head === undefined) return new Map();
  const names = DECIDED_PARTS.filter((name) => head.manifest.parts.some((part) => part.name === name));
  try {
    return await stage.archive.parts(head, names);
  } catch (error) {
    if (!isMalformed(error)) throw error;
    stage.observe({ kind: 'warning', message: `${error.message}; findings begin anew as a baseline` });
    return new Map();
  }
}

function draftBase(raw: RawReport, stage: Stage) {
  const { generatedAt, collectedAt, origin, requestIds } = raw;
  return { generatedAt, collectedAt, origin, requestIds, cut: raw.cut ?? [], muster: stage.version };
}

function announce(entry: ReportEntry, parsed: ParsedReport, stage: Stage): Kept {
  stage.observe({
    kind: 'archived',
    source: entry.source,
    number: entry.number,
    rows: parsed.rows,
    generatedAt: formatInstant(entry.generatedAt),
    sha256: entry.manifest.parts[0]?.sha256 ?? '',
  });
  return { kind: 'archived', entry, parsed };
}

function reportDigest(raw: RawReport): Promise<string> {
  return inTurns(hashing(raw.parts[0]?.bytes ?? new Uint8Array()));
}

function partsOf(raw: RawReport): Parts {
  return new Map(raw.parts.map((part) => [part.name, part.bytes]));
}
