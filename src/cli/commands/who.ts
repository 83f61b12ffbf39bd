import { findingsIn } from '../../derive/decide.ts';
import type { Event } from '../../domain/event.ts';
import type { OpenFinding } from '../../domain/finding.ts';
import { formatInstant } from '../../domain/instant.ts';
import { FINDINGS_PART } from '../../domain/report.ts';
import { atOnce } from '../../kit/steps.ts';
import { load } from '../../pipeline/load.ts';
import { damageTo } from '../damage.ts';
import { type Command, DONE, FAILED, type Io, UsageError } from '../io.ts';
import { lookInto, noMoreThan, options, periodOf, pickSources, type Session } from '../session.ts';
import { cleanText, jsonText, lineOf, table } from '../text.ts';
import { describeEvent } from '../who/describe.ts';
import { bestOf, describeSubject, distinct, type Subject, subjectsIn } from '../who/subjects.ts';
import { compare, isIn, type Looking, timelineOf } from '../who/timeline.ts';
import { describeUse, type Use, usesOf } from '../who/uses.ts';
import { entriesIn } from './events.ts';

export const who: Command = {
  summary:
    'Everything that is known of a key or an identity, in time order, across all reports. Needs the archive only.',
  usage: `usage: muster who KEY-ID|IDENTITY [--source SOURCE|ACCOUNT]… [--since TIME] [--until TIME] [--config FILE] [--json]

  IDENTITY          a name, or the cloud's own id of it (an ARN on AWS)
  --source          look there only: where several have one name, it says which
  --since, --until  by when the cloud generated the report: 2026-11-20 or 2026-11-20T09:00:00Z`,
  async run(argv, io) {
    const { values, positionals } = options({
      args: [...argv],
      allowPositionals: true,
      options: {
        config: { type: 'string' },
        source: { type: 'string', multiple: true, default: [] },
        since: { type: 'string' },
        until: { type: 'string' },
        json: { type: 'boolean' },
      },
    });
    const [text] = positionals;
    noMoreThan(1, positionals);
    if (text === undefined || text === '') throw new UsageError("say who: a key's id, or an identity's name or id");
    const period = periodOf(values.since, values.until);
    return lookInto(io, values.config, async (session) => {
      const damage = damageTo(io);
      const looking = { sources: values.source, period, onDamage: damage.meets, progress: io.progress };
      const code = await whoIs(text, session, io, looking, values.json === true);
      return damage.isMet() ? FAILED : code;
    });
  },
};

/** Says who it is and all of its story; or that nobody is, or several are. */
export async function whoIs(text: string, session: Session, io: Io, looking: Looking, json: boolean): Promise<number> {
  const { isInNewest, subjects } = await subjectsNamed(text, session, io, looking);
  const [subject, ...others] = subjects;
  if (subject === undefined) {
    io.err(`no report in the archive knows a key or an identity ${lineOf(JSON.stringify(cleanText(text)))}\n`);
    return FAILED;
  }
  if (others.length > 0) {
    const lines = [subject, ...others].map((one) => `  ${lineOf(describeSubject(one))}`);
    io.err(`${lines.length} have this name: give the id, or say --source PROVIDER/ACCOUNT\n${lines.join('\n')}\n`);
    return FAILED;
  }
  const events = await timelineOf(subject, session, looking);
  const open = await openNow(subject, session, looking);
  const uses = await usesOf(subject, session, looking);
  const told = { subject, in_newest: isInNewest, open_findings: open, uses, events };
  await io.out(json ? jsonText(told) : inWords(told));
  return DONE;
}

interface Found {
  readonly isInNewest: boolean;
  readonly subjects: readonly Subject[];
}

/** In the newest reports; where nobody there has the name, in all that there ever were. */
async function subjectsNamed(text: string, session: Session, io: Io, looking: Looking): Promise<Found> {
  const sources = await pickSources(session, looking.sources);
  const found: Subject[] = [];
  for (const all of [false, true]) {
    for (const source of sources) {
      io.progress(`looking through ${all ? 'all reports' : 'the newest report'} of ${source}\n`);
      const head = await session.archive.head(source).catch(looking.onDamage);
      if (head === undefined) continue;
      const entries = all ? entriesIn(session.archive, source, looking.period, looking.onDamage) : [head];
      for await (const entry of entries) {
        io.signal.throwIfAborted();
        const report = await load(session.archive, session.stage.kind, entry).catch(looking.onDamage);
        if (report !== undefined) found.push(...subjectsIn(report, text));
      }
    }
    if (found.length > 0) return { isInNewest: !all, subjects: distinct(bestOf(found, text)) };
  }
  return { isInNewest: false, subjects: [] };
}

/** What is wrong now, by the newest report of each source. */
async function openNow(subject: Subject, session: Session, looking: Looking): Promise<readonly OpenFinding[]> {
  const open: OpenFinding[] = [];
  for (const source of await pickSources(session, looking.sources)) {
    const head = isIn(subject, source) ? await session.archive.head(source).catch(looking.onDamage) : undefined;
    const parts = head && (await session.archive.parts(head, [FINDINGS_PART]).catch(looking.onDamage));
    const findings = parts && atOnce(findingsIn(parts));
    open.push(...(findings?.open ?? []).filter((finding) => isOn(finding, subject)));
  }
  return open;
}

function isOn({ identity, credential }: OpenFinding, { identity: whose, key }: Subject): boolean {
  if (identity.id !== whose.id || identity.kind !== whose.kind) return false;
  if (key === undefined || credential === undefined) return key === undefined;
  if (credential.id !== undefined) return credential.id === key.id;
  return key.createdAt !== undefined && credential.created_at === formatInstant(key.createdAt);
}

interface Line {
  readonly time: string;
  readonly cells: readonly string[];
}

interface Story {
  readonly subject: Subject;
  readonly in_newest: boolean;
  readonly open_findings: readonly OpenFinding[];
  readonly uses: readonly Use[];
  readonly events: readonly Event[];
}

const GONE = 'the newest reports do not tell of it: what follows is what older ones told\n';

function inWords({ subject, in_newest, open_findings: open, uses, events }: Story): string {
  const lines = [...birth(subject, events), ...events.map((event) => eventLine(event, subject)), ...uses.map(useLine)];
  const sorted = lines.sort((one, other) => compare(one.time, other.time));
  const wrong = open.map(({ check, severity, since, policy }) =>
    lineOf(`  ${severity} ${check}${policy === undefined ? '' : ` (${policy})`} since ${since}`),
  );
  return [
    `${lineOf(describeSubject(subject))}\n`,
    in_newest ? '' : GONE,
    wrong.length === 0 ? 'nothing is open\n' : `open now:\n${wrong.join('\n')}\n`,
    '\n',
    table(
      ['TIME', 'WHAT', 'SEVERITY', 'DETAIL', 'REPORT'],
      sorted.map(({ time, cells }) => [time, ...cells]),
    ),
  ].join('');
}

/** Of a key that was there before the first report: no change tells of it. */
function birth({ key }: Subject, events: readonly Event[]): readonly Line[] {
  const isTold = events.some(({ type }) => type === 'access_key.created' || type === 'access_key.rotated');
  if (key?.createdAt === undefined || isTold) return [];
  return [{ time: formatInstant(key.createdAt), cells: ['created', '-', 'before the first report', '-'] }];
}

function eventLine(event: Event, subject: Subject): Line {
  const what = event.type === 'inventory.identity' ? 'inventory' : event.type;
  const severity = event.severity === 'informational' ? '-' : event.severity;
  return { time: event.occurred_at, cells: [what, severity, describeEvent(event, subject), reportText(event.report)] };
}

function useLine(use: Use): Line {
  return { time: use.last_used_at, cells: ['used', '-', describeUse(use), reportText(use.report)] };
}

function reportText({ source, number }: { readonly source: string; readonly number: number }): string {
  return `${source.split('/')[2] ?? ''} ${number}`;
}
