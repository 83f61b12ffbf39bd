import type { OpenRow } from '../../../src/cli/open-findings.ts';
import type { Format } from '../../../src/formats/format.ts';
import { recover } from '../../../src/formats/ocsf/recover.ts';
import { type Held, sortedHeld } from '../fold.ts';

/** What a line says of a finding, or of the report as a whole. */
export interface Heard {
  readonly id: string;
  readonly source: string;
  readonly number: number;
  readonly type: string;
  /** Of a summary. */
  readonly base?: string;
  readonly findingId?: string;
  readonly isOpen: boolean;
  readonly told: string;
}

interface Read {
  readonly id: string;
  readonly kind: string;
  readonly type: string;
  readonly report: { readonly source: string; readonly number: number };
  readonly severity: string | number;
  readonly check?: { readonly id: string };
  readonly finding_id?: string;
  readonly status?: string;
  readonly identity?: { readonly kind: string; readonly id: string };
  readonly credential?: { readonly kind: string; readonly created_at?: string };
  readonly data?: {
    readonly base?: string;
    readonly verdict?: string;
    readonly since?: string;
    readonly policy?: string;
  };
}

type Json = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** How a stranger reads a line of each format, by docs/formats.md; the plain event's names for what was found. */
const READERS: Readonly<Record<string, (text: string) => Read>> = {
  plain: (text) => JSON.parse(text) as Read,
  'plain-rows': (text) => JSON.parse(text) as Read,
  ocsf(text) {
    const event = JSON.parse(text) as Json;
    const recovered = recover(event) as unknown as Read;
    if (recovered.kind !== 'finding') return recovered;
    const { metadata, finding_info } = event;
    return {
      ...recovered,
      id: String(metadata?.['uid']),
      report: { source: String(metadata?.['log_source']), number: Number(metadata?.['sequence']) },
      finding_id: String(finding_info?.['uid']),
      status: Number(event['status_id']) === 1 ? 'open' : 'closed',
    };
  },
  ecs(text) {
    const { event, muster } = JSON.parse(text) as Json;
    return { ...(muster as unknown as Read), id: String(event?.['id']) };
  },
  cef(text) {
    const fields = new Map(
      [...text.matchAll(/(\w+)=((?:\\.|[^=\\])*)(?= \w+=|$)/g)].map(([, key, value]) => [key, value]),
    );
    const field = (key: string) => (fields.get(key) ?? '').replaceAll(/\\([\\=])/g, '$1');
    const isSummary = field('cat') === 'summary';
    return {
      id: field('externalId'),
      kind: field('cat'),
      type: field('act'),
      report: { source: field('cs2'), number: Number(field('cn1')) },
      severity: Number(text.split('|')[6]),
      check: { id: field('cs4') },
      finding_id: field('cs5'),
      status: field('outcome'),
      ...(isSummary ? { data: JSON.parse(field('cs6')) as { readonly base: string } } : {}),
    };
  },
};

export function isFoldable({ name }: Format): boolean {
  return Object.hasOwn(READERS, name);
}

/** Undefined for what has no part in the fold. */
export function hear(format: Format, text: string): Heard | undefined {
  const read = READERS[format.name]?.(text);
  if (read === undefined || (read.kind !== 'finding' && read.kind !== 'summary')) return undefined;
  const { id, type, report, finding_id, status, data } = read;
  return {
    id,
    type,
    ...report,
    ...(data?.base === undefined ? {} : { base: data.base }),
    ...(finding_id === undefined ? {} : { findingId: finding_id }),
    isOpen: status === 'open',
    told: format.name === 'cef' ? shortlyTold(read) : wholeTold(read),
  };
}

function shortlyTold({ check, severity }: Read): string {
  return JSON.stringify([check?.id, severity]);
}

function wholeTold({ check, severity, identity, credential, data = {} }: Read): string {
  const { verdict, since, policy } = data;
  const subject = [identity?.kind, identity?.id, credential?.kind, credential?.created_at, policy];
  return JSON.stringify([check?.id, severity, verdict, since, ...subject]);
}

const CEF_SEVERITIES = { informational: 1, low: 3, medium: 5, high: 8, critical: 10 };

/** The same of a row of `muster findings --json`. Not the names of things: they are those of the newest report, and events have those of theirs. */
export function listed(format: Format, rows: readonly OpenRow[]): readonly (readonly [string, string])[] {
  const toldOf = ({ check, severity, status, since, policy, ...subject }: OpenRow) =>
    format.name === 'cef'
      ? shortlyTold({ ...EMPTY, check: { id: check }, severity: CEF_SEVERITIES[severity] })
      : wholeTold({
          ...EMPTY,
          ...subject,
          check: { id: check },
          severity,
          data: { verdict: status, since, ...(policy === undefined ? {} : { policy }) },
        });
  return sortedHeld(rows.map((row) => [row.id, toldOf(row)]));
}

const EMPTY = { id: '', kind: 'finding', type: '', report: { source: '', number: 0 } };

/** As docs/events.md says, report by report in the order of their numbers: what a line says twice, it says once. */
export function folded(lines: readonly Heard[]): readonly (readonly [string, string])[] {
  const reports = new Map<number, Heard[]>();
  for (const line of lines) reports.set(line.number, [...(reports.get(line.number) ?? []), line]);
  const held: Held = new Map();
  for (const [, report] of [...reports].sort(([a], [b]) => a - b)) foldOne(held, report);
  return sortedHeld(held);
}

/** As lines came in: a report that comes again, because the sink was given another start, is the next one. */
export function foldArrived(held: Held, lines: readonly Heard[]): void {
  let report: Heard[] = [];
  for (const line of lines) {
    if (report.length > 0 && report[0]?.number !== line.number) foldOne(held, report.splice(0));
    report.push(line);
  }
  foldOne(held, report);
}

function foldOne(held: Held, report: readonly Heard[]): void {
  if (report.some(({ base }) => base === 'baseline' || base === 'damaged')) held.clear();
  for (const { findingId, isOpen, told } of report) {
    if (findingId === undefined || findingId === '') continue;
    if (isOpen) held.set(findingId, told);
    else held.delete(findingId);
  }
}

/** Each id once: the first or the last line that has it. */
export function onceEach(lines: readonly Heard[], which: 'first' | 'last'): readonly Heard[] {
  const order = which === 'first' ? lines.toReversed() : lines;
  return [...new Map(order.map((line) => [line.id, line])).values()];
}
