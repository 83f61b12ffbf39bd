import type { KeyUse } from '../../../domain/access.ts';
import type { RawReport } from '../../../domain/report.ts';
import { encoding } from '../../../kit/encoding.ts';
import { eventsOfReport, type PackedEvents } from '../../../kit/event-lines.ts';
import { sayMissing, sayThere } from '../../../kit/say-once.ts';
import { laidAside } from '../../../kit/shift.ts';
import { inTurns } from '../../../kit/steps.ts';
import type { Look, Step } from '../../provider.ts';
import { KEY_USE_PART, writeKeyUse } from '../../shared/key-use-table.ts';
import type { CamApi } from '../api.ts';
import { inShift, type Work } from '../audit/desk.ts';
import { CUT_OF_EVENTS } from '../audit/events.ts';
import type { Joined } from '../audit/join.ts';
import { createdField, listOwners, type Person } from '../audit/people.ts';
import { closedReasons, NO_REGIONS, type RegionsPage, tryRegions } from '../audit/regions.ts';
import { joinAll, type Learnt, learn, NOTHING_LEARNT, type Remembering, type Watched } from '../audit/subjects.ts';
import type { AuditApi } from '../audit-api.ts';
import type { MissingList } from '../credential-report/listing.ts';
import { keyRows } from './key-rows.ts';
import { askLastUses, createdAtOf, type LastUse, type ListedKey, listKeys, type Owned } from './keys.ts';
import type { KeySettings } from './kind.ts';
import { amiss, type Missing, notVisible } from './not-visible.ts';

/** One line an owner: its keys and when each was last used, as Tencent answered. */
const ANSWERS_PART = 'answers.jsonl';

export interface KeyDesk extends Remembering {
  readonly depth: KeySettings['depth'];
  readonly regions: readonly string[];
}

interface KeyUnit extends Watched {
  readonly owner: Person;
  readonly key: ListedKey;
}

interface Answered {
  readonly owned: readonly Owned[];
  readonly units: readonly KeyUnit[];
  readonly lists: readonly MissingList[];
  readonly lastUses: ReadonlyMap<string, LastUse>;
  readonly regions: RegionsPage;
  readonly learnt: Learnt;
}

/**
 * People ─► their keys ─► when each was last used ─► what CloudAudit saw of each key since the head ─► the table.
 * All answers are pages of the attempt: killed anywhere, it goes on where it was.
 */
export function collectKeys(cam: CamApi, audit: AuditApi, desk: KeyDesk, look: Look): Promise<Step> {
  return inShift(desk, look, (work) => askAll(cam, audit, desk, look, work));
}

async function askAll(cam: CamApi, audit: AuditApi, desk: KeyDesk, look: Look, work: Work): Promise<Step> {
  const { people, missing: lists } = await listOwners(cam, work);
  const isAsked = desk.depth !== 'info';
  const owned = await listKeys(people, isAsked ? desk.regions.length : 0, cam, work);
  if (typeof owned === 'number') return laidAside(look.clock, `keys of ${owned} accounts are still to be asked for`);
  const units = unitsOf(owned, work);
  const ids = units.map(({ value }) => value);
  const lastUses = await askLastUses(ids, cam, work);
  if (typeof lastUses === 'number')
    return laidAside(look.clock, `last uses of ${lastUses} keys are still to be asked for`);
  const regions = isAsked ? await tryRegions(desk.regions, ['AccessKeyId'], audit, work) : NO_REGIONS;
  const trail = { regions, attribute: 'AccessKeyId', depth: desk.depth, oneByOne: true } as const;
  const learnt = isAsked ? await learn(units, trail, audit, desk, work, look) : NOTHING_LEARNT;
  if (typeof learnt === 'number')
    return laidAside(look.clock, `uses of ${learnt} of ${units.length} keys are still to be looked up`);
  desk.before = undefined;
  desk.walked = undefined;
  return { do: 'keep', report: await reportOf({ owned, units, lists, lastUses, regions, learnt }, desk, work) };
}

function unitsOf(owned: readonly Owned[], work: Work): readonly KeyUnit[] {
  return owned.flatMap(({ owner, keys }) =>
    'refused' in keys ? [] : keys.map((key) => ({ owner, key, value: key.id, createdAt: createdAtOf(key, work) })),
  );
}

async function reportOf(answered: Answered, desk: KeyDesk, work: Work): Promise<RawReport> {
  const { owned, units, lastUses, regions, learnt } = answered;
  const { depth } = desk;
  const closed = closedReasons(regions);
  const { joined, part } = await joinAll(units, learnt, depth);
  const lines = owned.map((one) => `${JSON.stringify(lineOf(one, lastUses))}\n`);
  const missing: Missing = {
    depth,
    regions: regions.open,
    lists: answered.lists,
    actions: refusedOf(answered),
    closed,
  };
  tell(missing, desk);
  const events = depth === 'info' ? undefined : await eventsOfReport(toldOf(learnt));
  return {
    generatedAt: work.startedAt,
    collectedAt: work.clock.now(),
    origin: 'synthesised',
    parts: [
      { name: KEY_USE_PART, bytes: await inTurns(writeKeyUse(rowsOf(answered, joined, desk, work))) },
      { name: ANSWERS_PART, bytes: await inTurns(encoding(lines)) },
      ...(events === undefined ? [] : [events.part]),
      part,
    ],
    requestIds: [],
    notVisible: [...notVisible(missing), ...(events?.missing ?? [])],
    cut: [...CUT, ...CUT_OF_EVENTS[depth]],
  };
}

function* rowsOf(
  { units, lastUses, regions }: Answered,
  joined: readonly Joined[],
  { depth, timeZone }: KeyDesk,
  work: Work,
): Generator<KeyUse> {
  const notTold = depth === 'info' ? ['depth is info'] : closedReasons(regions);
  for (const [index, { owner, key }] of units.entries()) {
    const { uses, why = [], isFresh = false } = joined[index] ?? {};
    yield* keyRows({
      owner: owner.identity,
      key,
      createdAt: createdField(key.created, work),
      lastUse: lastUses.get(key.id),
      timeZone,
      uses,
      why: [...notTold, ...why],
      gaps: LISTS.filter((what) => !isFresh || !ASKED[depth].includes(what)),
    });
  }
}

function toldOf({ pages }: Learnt): readonly PackedEvents[] {
  return pages.flatMap((page) => (page === undefined || !('told' in page) ? [] : [page.told]));
}

const LISTS = ['service', 'event', 'address', 'resource'] as const;
const ASKED: Readonly<Record<KeyDesk['depth'], readonly string[]>> = { info: [], products: ['service'], full: LISTS };

const CUT = [
  'ListAccounts.Users: PhoneNum, CountryCode, Email, Remark',
  'ListUsers.Data: PhoneNum, CountryCode, Email, Remark, NickName',
];

function lineOf({ owner, keys }: Owned, lastUses: Answered['lastUses']): object {
  const { identity } = owner;
  if ('refused' in keys) return { id: identity.id, name: identity.name, ...keys };
  return { id: identity.id, name: identity.name, keys: keys.map((key) => ({ ...key, last: lastUses.get(key.id) })) };
}

function refusedOf({ owned, lastUses }: Answered): Missing['actions'] {
  const ofKeys = owned.flatMap(({ keys }) => ('refused' in keys ? [keys.refused] : []));
  const ofUses = [...lastUses.values()].flatMap((use) => ('refused' in use ? [use.refused] : []));
  const refused = new Map<string, { readonly count: number; readonly code: string }>();
  for (const [action, [code, ...more]] of [
    ['cam:ListAccessKeys', ofKeys],
    ['cam:GetSecurityLastUsed', ofUses],
  ] as const)
    if (code !== undefined) refused.set(action, { code, count: more.length + 1 });
  return refused;
}

/** Once, and once more only after it was whole again. */
function tell(missing: Missing, desk: KeyDesk): void {
  const what = 'some of the key audit could not be asked for';
  const lines = amiss({ ...missing, lists: missing.lists.filter(({ code }) => code !== 'site') });
  if (lines.length === 0) sayThere(what, desk);
  else sayMissing(what, lines.join('; '), desk);
}
