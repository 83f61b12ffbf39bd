import type { Attempt } from '../../../domain/attempt.ts';
import { Fault } from '../../../domain/fault.ts';
import type { CredentialRecord } from '../../../domain/record.ts';
import type { ReportEntry } from '../../../domain/report.ts';
import { readJson } from '../../../kit/json-bytes.ts';
import { sayMissing, sayThere } from '../../../kit/say-once.ts';
import { laidAside, shiftOf } from '../../../kit/shift.ts';
import { inTurns } from '../../../kit/steps.ts';
import type { Look, Step } from '../../provider.ts';
import type { CamApi } from '../api.ts';
import { isNotAllowed } from '../faults.ts';
import { type Asker, askerOf } from './asking.ts';
import { build } from './build.ts';
import { askCredentials, askDetails, askLastUses, type Details } from './credentials.ts';
import type { Desk } from './desk.ts';
import { type Listed, listPeople } from './listing.ts';
import { LaidAside, type ListedPerson, type Pages, pagesOf, SummaryPage } from './pages.ts';
import { parseReport } from './parse.ts';
import { ANSWERS_PART, AnswersPart, type Dropped, REPORT_PART } from './parts.ts';
import { idOf, keysOf } from './row-cells.ts';

/**
 * Puts the report together, because Tencent Cloud has no API for it:
 *
 *   list people ─► details of 50 at a time ─► keys and flags of each ─► last uses of 10 keys at a time ─► the table
 *
 * Each arrow's answers are kept as pages of the attempt, so that a crash goes on at the page it was in. So does whoever takes the work up
 * after a shift: a few large accounts would hold all workers for minutes.
 */
export async function collect(api: CamApi, desk: Desk, look: Look): Promise<Step> {
  const attempt = await look.attempt();
  try {
    return await collectFor(attempt, api, desk, look);
  } catch (error) {
    if (!(error instanceof LaidAside)) throw error;
    return laidAside(look.clock, 'a large account is asked in shifts');
  }
}

async function collectFor(attempt: Attempt, api: CamApi, desk: Desk, look: Look): Promise<Step> {
  const pages = pagesOf(attempt, desk.accountId, shiftOf(attempt.startedAt, look.clock));
  const asker = askerOf(desk, look.clock, look.signal);
  const listed = await listPeople(api, pages, asker);
  await insistOnTypes(listed, desk, look);
  const { people, dropped } = rowsOf(listed);
  const details = await askDetails(uinsOf(people), api, pages, asker);
  const typed = listed.way === 'lists' ? withTypes(people, details) : people;
  const askable = typed.filter(({ UserType }) => UserType !== 'MessageReceiver');
  const credentials = await askCredentials(uinsOf(askable), api, pages, asker);
  const secretIds = askable.flatMap(({ Uin }) =>
    keysOf(Uin === undefined ? undefined : credentials.get(Uin)).map((key) => key.AccessKeyId),
  );
  const lastUses = await askLastUses(secretIds, api, pages, asker);
  const counted = await populationOf(typed, look.head, api, pages, asker);
  const { timeZone, site } = desk;
  const { startedAt } = attempt;
  const gathered = { site, timeZone, startedAt, listed, people: typed, dropped, details, credentials, lastUses };
  const { notAsked, ...built } = build({ ...gathered, ...counted, pages: pages.taken });
  tell(notAsked, desk);
  return {
    do: 'keep',
    report: { generatedAt: startedAt, collectedAt: look.clock.now(), origin: 'synthesised', ...built },
  };
}

/** No other list has them. */
const OF_ONE_LIST: readonly string[] = ['CICUser', 'AgentIdentity'];

/** A list that was there and is refused now would make its people look deleted. */
async function insistOnTypes(listed: Listed, desk: Desk, look: Look): Promise<void> {
  const denied = listed.missing.filter(({ code }) => isNotAllowed(code));
  if (denied.length === 0 || look.head === undefined) return;
  const parts = await look.headParts([ANSWERS_PART, REPORT_PART]);
  const before = readJson(parts.get(ANSWERS_PART), AnswersPart);
  if (before === undefined || before === 'damaged') return;
  const rows = await inTurns(parseReport(parts));
  const typeAt = rows.columns.indexOf('UserType');
  const isOfOneList = ({ cells }: CredentialRecord) => OF_ONE_LIST.includes(cells[typeAt] ?? '');
  const lost = denied.find(({ type }) =>
    OF_ONE_LIST.includes(type) ? rows.records.some(isOfOneList) : before.types.includes(type),
  );
  if (lost === undefined) return;
  throw new Fault(
    'denied',
    `account ${desk.accountId}: ${lost.action} was allowed for the report before and is denied now; allow it again, or its people would look deleted`,
  );
}

/** The main account has no row in Tencent's own report either. Who is on two pages, because somebody else came between, has one row. */
function rowsOf(listed: Listed): { readonly people: readonly ListedPerson[]; readonly dropped: readonly Dropped[] } {
  const people = new Map<string, ListedPerson>();
  const dropped: Dropped[] = [];
  for (const person of listed.people) {
    const id = idOf(person);
    const why =
      person.UserType === 'Owner'
        ? 'the main account has no row'
        : id === 'uid:'
          ? 'the cloud told neither Uin nor Uid'
          : people.has(id)
            ? 'listed twice'
            : undefined;
    if (why === undefined) people.set(id, person);
    else dropped.push({ id, name: person.Name, why });
  }
  return { people: [...people.values()], dropped };
}

function uinsOf(people: readonly ListedPerson[]): readonly number[] {
  return people.flatMap(({ Uin }) => (Uin === undefined ? [] : [Uin]));
}

const TYPES: ReadonlyMap<number | undefined, string> = new Map([
  [2, 'SubUser'],
  [3, 'WechatCorpUser'],
  [4, 'Collaborator'],
  [5, 'MessageReceiver'],
]);

/** The older list of users may hold people of WeCom too. */
function withTypes(
  people: readonly ListedPerson[],
  details: ReadonlyMap<number, Details | string>,
): readonly ListedPerson[] {
  return people.map((person) => {
    const detail = person.Uin === undefined ? undefined : details.get(person.Uin);
    const type = typeof detail === 'object' ? TYPES.get(detail.UserType) : undefined;
    return type === undefined ? person : { ...person, UserType: type };
  });
}

interface Counted {
  readonly population: number | undefined;
  readonly uncounted: string | undefined;
}

/** The cloud's own count, from the second report on: the first has nothing to lose. */
async function populationOf(
  people: readonly ListedPerson[],
  head: ReportEntry | undefined,
  api: CamApi,
  pages: Pages,
  asker: Asker,
): Promise<Counted> {
  if (head === undefined) return { population: undefined, uncounted: undefined };
  const page = await pages.take('summary', SummaryPage, async () => {
    const told = await asker.ask('cam:GetAccountSummary', () => api.summary(asker.signal));
    return 'refused' in told ? { refused: told.refused } : { request_id: told.told.RequestId, users: told.told.User };
  });
  if ('refused' in page) return { population: undefined, uncounted: page.refused };
  return { population: populationBy(page.users, people), uncounted: undefined };
}

/** Whom the count of users counts is not documented: sub-users, those of WeCom too, or all. */
function populationBy(users: number, people: readonly ListedPerson[]): number {
  const countOf = (types: readonly string[]) => people.filter(({ UserType }) => types.includes(UserType)).length;
  const subUsers = countOf(['SubUser']);
  const readings = [subUsers, subUsers + countOf(['WechatCorpUser']), people.length];
  return readings.includes(users) ? people.length : users + people.length - subUsers;
}

/** Once, and once more only after it was whole again. */
function tell(notAsked: readonly string[], desk: Desk): void {
  const what = 'some of the report could not be asked for';
  if (notAsked.length === 0) sayThere(what, desk);
  else sayMissing(what, notAsked.join('; '), desk);
}
