import { formatInstant, type Instant } from '../../../domain/instant.ts';
import type { Part, RawReport } from '../../../domain/report.ts';
import { writeCsv } from '../../../kit/csv-write.ts';
import type { Site } from '../settings.ts';
import { COLUMNS } from './columns.ts';
import type { Details, LastUse } from './credentials.ts';
import type { Listed } from './listing.ts';
import { CUT, type Missing, notAsked, notVisible } from './not-visible.ts';
import type { ListedPerson, PersonsCredentials } from './pages.ts';
import { ANSWERS_PART, type AnswersPart, type Dropped, type Failure, REPORT_PART } from './parts.ts';
import { cellsOf, type Found, idOf, keysOf } from './row-cells.ts';

/** Everything that was asked, ready to become a report. */
export interface Gathered {
  readonly site: Site;
  readonly timeZone: string;
  readonly startedAt: Instant;
  readonly listed: Listed;
  readonly people: readonly ListedPerson[];
  readonly dropped: readonly Dropped[];
  readonly details: ReadonlyMap<number, Details | string>;
  readonly credentials: ReadonlyMap<number, PersonsCredentials>;
  readonly lastUses: ReadonlyMap<string, LastUse>;
  readonly population: number | undefined;
  /** Tencent's code, where it refused to count. */
  readonly uncounted: string | undefined;
  readonly pages: ReadonlyMap<string, unknown>;
}

export type Built = Pick<RawReport, 'parts' | 'notVisible' | 'requestIds'> & {
  readonly cut: readonly string[];
  readonly notAsked: readonly string[];
};

/** Pure: the same answers make the same bytes, whoever asked and however often that was interrupted. */
export function build(gathered: Gathered): Built {
  const found = gathered.people.map((person) => foundOf(person, gathered));
  const failed = failuresOf(found);
  const csv = writeCsv([COLUMNS, ...found.map((one) => cellsOf(one, gathered))]);
  const parts: Part[] = [
    { name: REPORT_PART, bytes: new TextEncoder().encode(csv) },
    { name: ANSWERS_PART, bytes: new TextEncoder().encode(`${JSON.stringify(answersOf(gathered, failed))}\n`) },
  ];
  const missing: Missing = {
    lists: gathered.listed.missing,
    actions: countedByAction(failed),
    uncounted: gathered.uncounted,
    furtherKeys: found.reduce((sum, { credentials }) => sum + Math.max(0, keysOf(credentials).length - 2), 0),
  };
  return {
    parts,
    notVisible: notVisible(missing),
    notAsked: notAsked(missing),
    requestIds: requestIdsOf(gathered.pages),
    cut: CUT,
  };
}

function foundOf(person: ListedPerson, { details, credentials, lastUses }: Gathered): Found {
  const { Uin } = person;
  return {
    person,
    details: Uin === undefined ? undefined : details.get(Uin),
    credentials: Uin === undefined ? undefined : credentials.get(Uin),
    lastUse: (secretId) => lastUses.get(secretId),
  };
}

function failuresOf(found: readonly Found[]): readonly Failure[] {
  return found.flatMap((one) => {
    const { person, details, credentials } = one;
    const codes: [action: string, code: string][] = [];
    if (typeof details === 'string') codes.push(['cam:DescribeSubAccounts', details]);
    else if (details === undefined && person.Uin !== undefined) codes.push(['cam:DescribeSubAccounts', 'not answered']);
    if (credentials !== undefined && 'refused' in credentials.keys)
      codes.push(['cam:ListAccessKeys', credentials.keys.refused]);
    if (credentials !== undefined && 'refused' in credentials.flags)
      codes.push(['cam:DescribeSafeAuthFlagColl', credentials.flags.refused]);
    for (const { AccessKeyId } of keysOf(credentials)) {
      const use = one.lastUse(AccessKeyId);
      if (typeof use === 'string') codes.push(['cam:GetSecurityLastUsed', use]);
    }
    return codes.map(([action, code]) => ({ id: idOf(person), name: person.Name, action, code }));
  });
}

function countedByAction(failed: readonly Failure[]): Missing['actions'] {
  const counts = new Map<string, { count: number; code: string }>();
  for (const { action, code } of failed) {
    counts.set(action, { code, ...counts.get(action), count: (counts.get(action)?.count ?? 0) + 1 });
  }
  return counts;
}

/** What the parser needs comes first, all that the cloud said after it. */
function answersOf(gathered: Gathered, failed: readonly Failure[]): AnswersPart & { readonly pages: object } {
  const { site, timeZone, startedAt, listed, dropped, population, pages } = gathered;
  return {
    version: 1,
    site,
    time_zone: timeZone,
    started_at: formatInstant(startedAt),
    types: [...listed.types],
    ...(population === undefined ? {} : { population }),
    failed: [...failed],
    dropped: [...dropped],
    pages: Object.fromEntries([...pages].sort(([one], [other]) => (one < other ? -1 : 1))),
  };
}

/** Of the lists; those of every person and key stand in the answers. */
function requestIdsOf(pages: ReadonlyMap<string, unknown>): readonly string[] {
  return [...pages.values()].flatMap((page) => {
    const id = (page as { readonly request_id?: unknown }).request_id; // a page of ours, or one without
    return typeof id === 'string' ? [id] : [];
  });
}
