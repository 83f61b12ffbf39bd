import type { ServiceAccess } from '../../../domain/access.ts';
import type { RawReport } from '../../../domain/report.ts';
import { writingJsonLines } from '../../../kit/json-steps.ts';
import { pageKey } from '../../../kit/page-key.ts';
import { sayMissing, sayThere } from '../../../kit/say-once.ts';
import { laidAside, workThrough } from '../../../kit/shift.ts';
import { inTurns } from '../../../kit/steps.ts';
import type { Look, Step } from '../../provider.ts';
import { SERVICE_ACCESS_PART, writeServiceAccess } from '../../shared/service-access-table.ts';
import { type AuditDesk, inShift, type Work } from '../audit/desk.ts';
import { type Listed, listGroups, listRoles, listUsers } from '../audit/identities.ts';
import type { AuditApi } from '../audit-api.ts';
import { type Grants, grantsOf } from './grants.ts';
import { type Experience, type Jobs, jobsOf } from './jobs.ts';
import type { AccessSettings } from './kind.ts';
import { grantsLine, notVisible, type Refused } from './not-visible.ts';
import { AccessPage, GrantsPage } from './pages.ts';
import { type Answered, rowsOf } from './rows.ts';

/** One line an identity: what AWS answered, as far as it is used. */
const ANSWERS_PART = 'answers.jsonl';

export interface AccessDesk extends AuditDesk {
  readonly settings: AccessSettings;
  readonly experience: Experience;
}

/**
 * Users and roles ─► a job each, several at a time ─► the policies that give its services ─► the table.
 * The answers about each identity are pages of the attempt: killed anywhere, it goes on with the next one.
 */
export function collectAccess(api: AuditApi, desk: AccessDesk, look: Look): Promise<Step> {
  return inShift(desk, look, (work) => askAll(api, desk, work));
}

async function askAll(api: AuditApi, desk: AccessDesk, work: Work): Promise<Step> {
  const people = await listIdentities(api, desk, work);
  const granularity = desk.settings.granularity === 'action' ? 'ACTION_LEVEL' : 'SERVICE_LEVEL';
  const jobs = jobsOf(api, granularity, desk.experience, work);
  const grants = grantsOf(api, work);
  const answered: Answered[] = [];
  const left = await workThrough(people, desk.settings.jobs, work.shift, async (person, index) => {
    answered[index] = await askAbout(person, index, jobs, grants, work);
    return 'done';
  });
  if (left > 0) return laidAside(work.clock, `${left} of ${people.length} identities are still to be asked about`);
  return { do: 'keep', report: await reportOf(answered, desk, work) };
}

async function listIdentities(api: AuditApi, desk: AccessDesk, work: Work): Promise<readonly Listed[]> {
  return [
    ...(await listUsers(api, work)),
    ...(await listRoles(api, work)),
    ...(desk.settings.groups ? await listGroups(api, work) : []),
  ];
}

async function askAbout(person: Listed, index: number, jobs: Jobs, grants: Grants, work: Work): Promise<Answered> {
  const access = await work.pages.take(pageKey('access', index + 1), AccessPage, () => jobs.run(person.arn));
  if (!('services' in access) || access.services.length === 0) return { person, access, grants: undefined };
  const namespaces = access.services.map(({ namespace }) => namespace).toSorted();
  const given = await work.pages.take(pageKey('grants', index + 1), GrantsPage, () =>
    grants.of(person.arn, namespaces),
  );
  return { person, access: 'gone' in given ? given : access, grants: given };
}

async function reportOf(answered: readonly Answered[], desk: AccessDesk, work: Work): Promise<RawReport> {
  const refused = refusedOf(answered);
  tell(refused, desk);
  const failed = answered.filter(({ access }) => 'failed' in access).length;
  return {
    generatedAt: work.startedAt,
    collectedAt: work.clock.now(),
    origin: 'provider',
    parts: [
      { name: SERVICE_ACCESS_PART, bytes: await inTurns(writeServiceAccess(rowsOfAll(answered, work))) },
      { name: ANSWERS_PART, bytes: await inTurns(writingJsonLines(linesOf(answered))) },
    ],
    requestIds: [],
    notVisible: notVisible({ groups: desk.settings.groups, grants: refused, failed }),
  };
}

function* rowsOfAll(answered: readonly Answered[], { startedAt }: Work): Generator<ServiceAccess> {
  for (const one of answered) yield* rowsOf(one, startedAt);
}

function* linesOf(answered: readonly Answered[]): Generator<object> {
  for (const { person, access, grants } of answered) yield { ...person, access, grants };
}

function refusedOf(answered: readonly Answered[]): Refused | undefined {
  const codes = answered.flatMap(({ grants }) => (grants !== undefined && 'refused' in grants ? [grants.refused] : []));
  const [code] = codes;
  return code === undefined ? undefined : { code, count: codes.length };
}

/** Once, and once more only after it was there again. */
function tell(refused: Refused | undefined, desk: AccessDesk): void {
  const what = 'which policy gives a service is not known';
  if (refused === undefined) sayThere(what, desk);
  else sayMissing(what, grantsLine(refused), desk);
}
