import type { KeyUse } from '../../../domain/access.ts';
import type { RawReport } from '../../../domain/report.ts';
import type { JournalMemory } from '../../../kit/attempt-journal.ts';
import { concurrently } from '../../../kit/concurrently.ts';
import { encoding } from '../../../kit/encoding.ts';
import { eventsOfReport } from '../../../kit/event-lines.ts';
import { writingJson } from '../../../kit/json-steps.ts';
import { pageKey } from '../../../kit/page-key.ts';
import { sayMissing, sayThere } from '../../../kit/say-once.ts';
import { laidAside, workThrough } from '../../../kit/shift.ts';
import { inTurns } from '../../../kit/steps.ts';
import type { Look, Step } from '../../provider.ts';
import { KEY_USE_PART, writeKeyUse } from '../../shared/key-use-table.ts';
import { type AuditDesk, inShift, type Work } from '../audit/desk.ts';
import { type Listed, listUsers } from '../audit/identities.ts';
import type { AuditApis } from '../audit-api.ts';
import { CUT } from './events.ts';
import { gapsOf, isNotEnabled } from './gaps.ts';
import { join } from './join.ts';
import { keyRows } from './key-rows.ts';
import { type ListedKey, listKeys, type Owned } from './keys.ts';
import type { KeySettings } from './kind.ts';
import { type KeyKnown, KNOWN_PART, type KnownPart, readKnown } from './known.ts';
import { closedLines, notVisible } from './not-visible.ts';
import { type RegionAsker, regionAskerOf } from './region-asker.ts';
import { lookUp, type RegionPage } from './trail.ts';

/** One line a user: its keys and when each was last used, as AWS answered. */
const ANSWERS_PART = 'answers.jsonl';
const KEYS_AT_ONCE = 3;

/** By region. */
type Learnt = Readonly<Record<string, RegionPage>>;

export interface KeyDesk extends AuditDesk {
  /** What the head knew, read once for all shifts. */
  before: { readonly head: string | undefined; readonly known: (keyId: string) => KeyKnown } | undefined;
  /** What was made of the answers, by key and region, under the journal that has them. */
  walked: { readonly under: JournalMemory; readonly pages: Map<string, RegionPage> } | undefined;
  readonly depth: KeySettings['depth'];
  readonly regions: readonly string[];
}

interface KeyUnit {
  readonly owner: Listed;
  readonly key: ListedKey;
  readonly before: KeyKnown;
}

/**
 * Users ─► their keys and when each was last used ─► what CloudTrail saw of each key since the head, region by region ─► the table.
 * All answers are pages of the attempt: killed anywhere, it goes on where it was.
 */
export function collectKeys(apis: KeyApis, desk: KeyDesk, look: Look): Promise<Step> {
  return inShift(desk, look, (work) => askAll(apis, desk, look, work));
}

type KeyApis = Pick<AuditApis, 'iam' | 'trail'>;

async function askAll({ iam, trail }: KeyApis, desk: KeyDesk, look: Look, work: Work): Promise<Step> {
  const users = await listUsers(iam, work);
  const owned = await listKeys(users, desk.depth === 'info' ? 0 : desk.regions.length, iam, work);
  if (typeof owned === 'number') return laidAside(look.clock, `keys of ${owned} users are still to be asked for`);
  const before = await knownOf(desk, look);
  const units: KeyUnit[] = owned.flatMap(({ owner, keys }) =>
    keys === 'gone'
      ? []
      : keys.filter(({ used }) => used !== 'gone').map((key) => ({ owner, key, before: before(key.id) })),
  );
  const learnt: Learnt[] = [];
  if (desk.depth !== 'info') {
    const task = { trail, desk, asker: regionAskerOf(work), work };
    const left = await workThrough(units, KEYS_AT_ONCE, work.shift, async (unit, index) => {
      const found = await askTrail(unit, index, task);
      if (found === 'unfinished') return found;
      learnt[index] = found;
      return 'done';
    });
    if (left > 0) return laidAside(look.clock, `uses of ${left} of ${units.length} keys are still to be looked up`);
  }
  desk.before = undefined;
  desk.walked = undefined;
  return { do: 'keep', report: await reportOf(owned, units, learnt, desk, work) };
}

async function knownOf(desk: KeyDesk, look: Look): Promise<(keyId: string) => KeyKnown> {
  const head = look.head?.sha256;
  const before = desk.before?.head === head ? desk.before : undefined;
  desk.before = before ?? { head, known: await readKnown(look, desk.depth) };
  return desk.before.known;
}

interface TrailTask extends Pick<AuditApis, 'trail'> {
  readonly desk: KeyDesk;
  readonly asker: RegionAsker;
  readonly work: Work;
}

/** All regions side by side: each has a budget of its own. */
async function askTrail({ key, before }: KeyUnit, index: number, task: TrailTask): Promise<Learnt | 'unfinished'> {
  const { trail, desk, asker, work } = task;
  const walked = walkedOf(desk, work);
  const found: Record<string, RegionPage> = {};
  await concurrently(desk.regions, desk.regions.length, async (region) => {
    const name = `${pageKey('trail', index + 1)}-${region}`;
    const known = before.regions[region];
    const asked = { keyId: key.id, keyCreatedAt: key.created, region, depth: desk.depth, known, name };
    const page = walked.get(name) ?? (await lookUp(asked, trail, asker, work));
    if (page === 'unfinished') return;
    walked.set(name, page);
    found[region] = page;
  });
  if (Object.keys(found).length < desk.regions.length) return 'unfinished';
  return Object.fromEntries(Object.entries(found).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

function walkedOf(desk: KeyDesk, { pages: { memory } }: Work): Map<string, RegionPage> {
  if (desk.walked?.under !== memory) desk.walked = { under: memory, pages: new Map() };
  return desk.walked.pages;
}

async function reportOf(
  owned: readonly Owned[],
  units: readonly KeyUnit[],
  learnt: readonly Learnt[],
  desk: KeyDesk,
  work: Work,
): Promise<RawReport> {
  const { depth, regions } = desk;
  const known: KnownPart = { version: 1, depth, keys: {} };
  const closed = closedBy(learnt);
  tell(closed, desk);
  // What the next report goes on from is joined with the rows, key by key.
  const table = await inTurns(writeKeyUse(joining(units, learnt, known, desk)));
  const told = learnt.flatMap((page) => Object.values(page).flatMap((one) => ('why' in one ? [] : [one.told])));
  const events = depth === 'info' ? undefined : await eventsOfReport(told);
  const lines = owned.map(({ owner, keys }) => `${JSON.stringify({ ...owner, keys })}\n`);
  return {
    generatedAt: work.startedAt,
    collectedAt: work.clock.now(),
    origin: 'synthesised',
    parts: [
      { name: KEY_USE_PART, bytes: table },
      { name: ANSWERS_PART, bytes: await inTurns(encoding(lines)) },
      ...(events === undefined ? [] : [events.part]),
      { name: KNOWN_PART, bytes: await inTurns(writingJson(known)) },
    ],
    requestIds: [],
    notVisible: [...notVisible({ depth, regions, closed }), ...(events?.missing ?? [])],
    cut: CUT[depth],
  };
}

function* joining(
  units: readonly KeyUnit[],
  learnt: readonly Learnt[],
  known: KnownPart,
  { depth, regions }: KeyDesk,
): Generator<KeyUse> {
  for (const [index, { owner, key, before }] of units.entries()) {
    const page = learnt[index];
    if (page === undefined) {
      yield* keyRows({ owner, key, uses: undefined, why: ['depth is info'], gaps: gapsOf(depth, {}, []) });
      continue;
    }
    const { uses, next, why, cut } = join(before, page, depth);
    known.keys[key.id] = next;
    const hasNothing = uses.length === 0 && why.length >= regions.length;
    yield* keyRows({ owner, key, uses: hasNothing ? undefined : uses, why, gaps: gapsOf(depth, page, cut) });
  }
}

/** By region, as the pages say it: the same whoever asked. */
function closedBy(learnt: readonly Learnt[]): ReadonlyMap<string, string> {
  const closed = new Map<string, string>();
  for (const regions of learnt)
    for (const [region, page] of Object.entries(regions)) if ('why' in page) closed.set(region, page.why);
  return closed;
}

/** Once, and once more only after all regions were there again. A region that is not enabled is nobody's trouble. */
function tell(closed: ReadonlyMap<string, string>, desk: KeyDesk): void {
  const what = 'some regions could not be looked at';
  const amiss = closedLines(new Map([...closed].filter(([, why]) => !isNotEnabled(why))));
  if (amiss.length === 0) sayThere(what, desk);
  else sayMissing(what, amiss.join('; '), desk);
}
