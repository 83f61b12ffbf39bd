import type { RawReport } from '../../../domain/report.ts';
import type { JournalMemory } from '../../../kit/attempt-journal.ts';
import { writingJson } from '../../../kit/json-steps.ts';
import { workThrough } from '../../../kit/shift.ts';
import { inTurns, mapped } from '../../../kit/steps.ts';
import type { Look } from '../../provider.ts';
import type { Attribute, AuditApi } from '../audit-api.ts';
import { pageKey } from '../credential-report/pages.ts';
import type { AuditDesk, Work } from './desk.ts';
import type { Depth } from './fold.ts';
import { type Joined, join } from './join.ts';
import { type Before, KNOWN_PART, type KnownPart, readBefore } from './known.ts';
import type { RegionsPage } from './regions.ts';
import { callsOf, lookUp, type TrailPage } from './trail.ts';

const AT_ONCE = 4;

/** A key or an identity of which CloudAudit is asked. */
export interface Watched {
  /** What CloudAudit calls it. */
  readonly value: string;
  readonly createdAt: number | undefined;
}

export interface Remembering extends AuditDesk {
  /** What was made of the answers, under the journal that has them. */
  walked: { readonly under: JournalMemory; readonly pages: Map<string, TrailPage> } | undefined;
  /** What the head knew, read once for all shifts. */
  before: { readonly key: string; readonly known: Before } | undefined;
}

export interface Trail {
  readonly regions: RegionsPage;
  readonly attribute: Attribute;
  readonly depth: Depth;
  /** Whether the events are kept as they were told, too. */
  readonly oneByOne: boolean;
}

export interface Learnt {
  readonly before: Before;
  readonly pages: readonly (TrailPage | undefined)[];
}

/** What CloudAudit saw of each since the head; or how many are left when the shift is over. */
export async function learn(
  watched: readonly Watched[],
  { regions, attribute, depth, oneByOne }: Trail,
  api: AuditApi,
  desk: Remembering,
  work: Work,
  look: Look,
): Promise<Learnt | number> {
  const before = await beforeOf(desk, look, depth, regions);
  const pages: TrailPage[] = [];
  if (regions.open.length === 0) return { before, pages };
  const walked = walkedOf(desk, work);
  const looks = watched.map(({ value, createdAt }, index) => {
    const name = pageKey('trail', index + 1);
    return { attribute, value, createdAt, regions: regions.open, depth, known: before.of(value), oneByOne, name };
  });
  work.pages.expect(looks.reduce((calls, asked) => calls + callsOf(asked, work.startedAt), 0));
  const left = await workThrough(looks, AT_ONCE, work.shift, async (asked, index) => {
    const page = walked.get(asked.name) ?? (await lookUp(asked, api, work));
    if (page === 'unfinished') return page;
    if (!('why' in page)) walked.set(asked.name, page);
    pages[index] = page;
    return 'done';
  });
  return left > 0 ? left : { before, pages };
}

function walkedOf(desk: Remembering, { pages: { memory } }: Work): Map<string, TrailPage> {
  if (desk.walked?.under !== memory) desk.walked = { under: memory, pages: new Map() };
  return desk.walked.pages;
}

async function beforeOf(desk: Remembering, look: Look, depth: Depth, regions: RegionsPage): Promise<Before> {
  const key = JSON.stringify([look.head?.sha256, depth, regions]);
  const known = desk.before?.key === key ? desk.before.known : await readBefore(look, depth, regions);
  desk.before = { key, known };
  return known;
}

/** What is known of each now, and the part by which the next report goes on. */
export async function joinAll(
  watched: readonly Watched[],
  { before, pages }: Learnt,
  depth: Depth,
): Promise<{ readonly joined: readonly Joined[]; readonly part: RawReport['parts'][number] }> {
  const known: KnownPart = { version: 1, depth, regions: [...before.regions], subjects: {} };
  const joining = mapped(watched.entries(), ([index, { value }]) => {
    const one = join(before.of(value), pages[index], before.isWhole);
    if (one.next !== undefined) known.subjects[value] = one.next;
    return one;
  });
  const joined = await inTurns(joining);
  return { joined, part: { name: KNOWN_PART, bytes: await inTurns(writingJson(known)) } };
}

/** Where CloudAudit is not asked at all. */
export const NOTHING_LEARNT: Learnt = { before: { of: () => undefined, isWhole: true, regions: [] }, pages: [] };
