import type { ServiceAccess } from '../../../domain/access.ts';
import type { RawReport } from '../../../domain/report.ts';
import { writingJsonLines } from '../../../kit/json-steps.ts';
import { sayMissing, sayThere } from '../../../kit/say-once.ts';
import { laidAside } from '../../../kit/shift.ts';
import { inTurns } from '../../../kit/steps.ts';
import type { Look, Step } from '../../provider.ts';
import { SERVICE_ACCESS_PART, writeServiceAccess } from '../../shared/service-access-table.ts';
import type { CamApi } from '../api.ts';
import { inShift, type Work } from '../audit/desk.ts';
import { CUT_OF_EVENTS } from '../audit/events.ts';
import type { Joined } from '../audit/join.ts';
import { listOwners } from '../audit/people.ts';
import { closedReasons, type RegionsPage, tryRegions } from '../audit/regions.ts';
import { joinAll, type Learnt, learn, type Remembering, type Watched } from '../audit/subjects.ts';
import type { AuditApi } from '../audit-api.ts';
import type { MissingList } from '../credential-report/listing.ts';
import { givenBy } from './given.ts';
import { askGrants, askPolicies, type GrantsPage, type PolicyPage } from './grants.ts';
import { type Holder, holderOf, listGroups, listRoles } from './identities.ts';
import type { AccessSettings } from './kind.ts';
import { amiss, type Missing, notVisible, type Refused } from './not-visible.ts';
import { accessRows } from './rows.ts';

/** One line an identity: what its policies give, as Tencent answered. */
const ANSWERS_PART = 'answers.jsonl';

export interface AccessDesk extends Remembering {
  readonly granularity: AccessSettings['granularity'];
  readonly groups: boolean;
  readonly regions: readonly string[];
}

interface Answered {
  readonly holders: readonly Holder[];
  readonly lists: readonly MissingList[];
  readonly unlisted: Missing['unlisted'];
  readonly grants: readonly GrantsPage[];
  readonly policies: ReadonlyMap<number, PolicyPage>;
  readonly regions: RegionsPage;
  readonly watched: readonly Watched[];
  readonly learnt: Learnt;
}

/**
 * Users, roles, groups ─► what their policies give ─► what CloudAudit saw of each since the head ─► the table.
 * All answers are pages of the attempt: killed anywhere, it goes on where it was.
 */
export function collectAccess(cam: CamApi, audit: AuditApi, desk: AccessDesk, look: Look): Promise<Step> {
  return inShift(desk, look, (work) => askAll(cam, audit, desk, look, work));
}

async function askAll(cam: CamApi, audit: AuditApi, desk: AccessDesk, look: Look, work: Work): Promise<Step> {
  const { site, granularity } = desk;
  const listed = await listHolders(cam, audit, desk, work);
  const { holders } = listed;
  const task = { api: audit, site, granularity, work };
  const grants = await askGrants(holders, task);
  if (typeof grants === 'number')
    return laidAside(look.clock, `policies of ${grants} identities are still to be asked for`);
  const policies = await askPolicies(grants, task);
  if (typeof policies === 'number') return laidAside(look.clock, `${policies} policies are still to be asked for`);
  const attributes =
    site === 'mainland' ? (['PrincipalId', 'Username'] as const) : (['Username', 'PrincipalId'] as const);
  const regions = await tryRegions(desk.regions, attributes, audit, work);
  const { attribute = attributes[0] } = regions;
  const watched = holders.flatMap(watchedOf);
  const trail = {
    regions,
    attribute,
    depth: DEPTH[granularity],
    oneByOne: false,
  } as const;
  const learnt = await learn(watched, trail, audit, desk, work, look);
  if (typeof learnt === 'number')
    return laidAside(look.clock, `uses of ${learnt} of ${watched.length} identities are still to be looked up`);
  desk.before = undefined;
  desk.walked = undefined;
  return { do: 'keep', report: await reportOf({ ...listed, grants, policies, regions, watched, learnt }, desk, work) };
}

async function listHolders(cam: CamApi, audit: AuditApi, { groups }: AccessDesk, work: Work) {
  const { people, missing: lists } = await listOwners(cam, work);
  const unlisted = new Map<'roles' | 'groups', string>();
  const holders = people.map(holderOf);
  const found = { roles: await listRoles(audit, work), groups: groups ? await listGroups(audit, work) : [] };
  for (const what of ['roles', 'groups'] as const) {
    const more = found[what];
    if (typeof more === 'string') unlisted.set(what, more);
    else holders.push(...more);
  }
  return { holders, lists, unlisted };
}

/** What CloudAudit calls it; a group it does not. */
function watchedOf(holder: Holder): readonly Watched[] {
  const { createdAt } = holder.identity;
  const value = valueOf(holder);
  return value === undefined ? [] : [{ value, createdAt: 'value' in createdAt ? createdAt.value : undefined }];
}

function valueOf({ subject }: Holder): string | undefined {
  return 'uin' in subject ? String(subject.uin) : 'roleId' in subject ? subject.roleId : undefined;
}

const DEPTH = { service: 'products', action: 'actions' } as const;

async function reportOf(answered: Answered, desk: AccessDesk, work: Work): Promise<RawReport> {
  const { regions, watched, learnt } = answered;
  const closed = closedReasons(regions);
  const isByAction = desk.granularity === 'action';
  const depth = DEPTH[desk.granularity];
  const { joined, part } = await joinAll(watched, learnt, depth);
  const byValue = new Map(watched.map(({ value }, index) => [value, joined[index]]));
  const rows = rowsOf(answered, byValue, closed, isByAction);
  const missing = missingOf(answered, closed, desk);
  tell(missing, desk);
  return {
    generatedAt: work.startedAt,
    collectedAt: work.clock.now(),
    origin: 'synthesised',
    parts: [
      { name: SERVICE_ACCESS_PART, bytes: await inTurns(writeServiceAccess(rows)) },
      { name: ANSWERS_PART, bytes: await inTurns(writingJsonLines(answersOf(answered))) },
      part,
    ],
    requestIds: [],
    notVisible: notVisible(missing),
    cut: [...CUT, ...CUT_OF_EVENTS[depth]],
  };
}

function* rowsOf(
  { holders, grants, policies }: Answered,
  byValue: ReadonlyMap<string, Joined | undefined>,
  closed: readonly string[],
  isByAction: boolean,
): Generator<ServiceAccess> {
  const areRolesTold = holders.some(
    (holder) => 'roleId' in holder.subject && (byValue.get(holder.subject.roleId)?.uses?.length ?? 0) > 0,
  );
  for (const [index, holder] of holders.entries()) {
    const page = grants[index];
    if (page === undefined || 'gone' in page) continue;
    const one = byValue.get(valueOf(holder) ?? '');
    yield* accessRows({
      identity: holder.identity,
      given: givenBy(page, policies),
      uses: one?.uses,
      since: one?.since,
      why: holder.identity.kind === 'group' ? [] : [...closed, ...(one?.why ?? [])],
      isByAction,
      isFresh: one?.isFresh === true,
      areRolesTold,
    });
  }
}

const CUT = [
  'ListAccounts.Users: PhoneNum, CountryCode, Email, Remark',
  'ListUsers.Data: PhoneNum, CountryCode, Email, Remark, NickName',
];

function answersOf({ holders, grants, policies }: Answered): readonly object[] {
  const lines = holders.map(({ identity: { kind, id, name } }, index) => ({ kind, id, name, grants: grants[index] }));
  const documents = [...policies].map(([policy, page]) => ({ policy, ...page }));
  return [...lines, ...documents.toSorted((one, other) => one.policy - other.policy)];
}

function missingOf(answered: Answered, closed: readonly string[], { groups }: AccessDesk): Missing {
  const { lists, unlisted, grants, policies, regions } = answered;
  const refused = grants.flatMap((page) => ('refused' in page ? [{ action: page.action, code: page.refused }] : []));
  const unread = [...policies.values()].flatMap((page) =>
    'refused' in page ? [{ action: 'cam:GetPolicy', code: page.refused }] : [],
  );
  return {
    groups,
    lists,
    unlisted,
    grants: counted(refused),
    policies: counted(unread),
    closed,
    regions: regions.open,
  };
}

function counted(all: readonly Omit<Refused, 'count'>[]): Refused | undefined {
  const [first] = all;
  return first === undefined ? undefined : { ...first, count: all.length };
}

/** Once, and once more only after it was whole again. */
function tell(missing: Missing, desk: AccessDesk): void {
  const what = 'some of the access audit could not be asked for';
  const lines = amiss({ ...missing, lists: missing.lists.filter(({ code }) => code !== 'site') });
  if (lines.length === 0) sayThere(what, desk);
  else sayMissing(what, lines.join('; '), desk);
}
