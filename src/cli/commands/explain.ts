import { COVERAGE_PART, type CoverageList } from '../../domain/coverage.ts';
import type { Derived, Event } from '../../domain/event.ts';
import type { ExceptedFinding } from '../../domain/finding.ts';
import { HEALTH_PART, type Health } from '../../domain/health.ts';
import type { LoadedReport } from '../../domain/loaded.ts';
import type { SourceName } from '../../domain/names.ts';
import { isAudit, type Parts, type ReportEntry } from '../../domain/report.ts';
import { load, loadBase } from '../../pipeline/load.ts';
import { auditRows } from '../audit-rows.ts';
import { damageTo } from '../damage.ts';
import { type Command, DONE, FAILED, type Io, UsageError } from '../io.ts';
import { lookInto, noMoreThan, options, pickSources, type Session } from '../session.ts';
import { cleanText, jsonText, lineOf } from '../text.ts';
import { meaningOf } from './events.ts';

/** Behind an event's id where the format `plain-rows` wrote it as several lines. */
const ROW = /-\d+$/;

interface Found {
  readonly event: Event;
  readonly current: LoadedReport;
  readonly base: LoadedReport | 'damaged' | undefined;
  /** The report before it has no part in this event: a sink began here. */
  readonly asFirst: boolean;
}

export const explain: Command = {
  summary: 'The two rows, the reports and the rules behind one event, from the archive.',
  usage:
    'usage: muster explain EVENT_ID [--source SOURCE|ACCOUNT] [--config FILE] [--json]     searches the newest reports first',
  async run(argv, io) {
    const { values, positionals } = options({
      args: [...argv],
      allowPositionals: true,
      options: {
        config: { type: 'string' },
        source: { type: 'string', multiple: true, default: [] },
        json: { type: 'boolean' },
      },
    });
    const [id] = positionals;
    noMoreThan(1, positionals);
    if (id === undefined) throw new UsageError('say which event: its id is in every event');
    return lookInto(io, values.config, async (session) => {
      const found = await find(id.replace(ROW, ''), await pickSources(session, values.source), session, io);
      if (found === undefined) {
        io.err(`no archived report means an event ${cleanText(id)}\n`);
        return FAILED;
      }
      const explained = explanation(found);
      await io.out(values.json === true ? jsonText(explained) : inWords(explained));
      return DONE;
    });
  },
};

/** A report that is damaged hides no other. */
async function find(id: string, sources: readonly SourceName[], session: Session, io: Io): Promise<Found | undefined> {
  const damage = damageTo(io);
  for (const source of sources) {
    const head = await session.archive.head(source).catch(damage.meets);
    io.progress(`looking through ${head?.number ?? 0} reports of ${source}\n`);
    for (let number = head?.number ?? 0; number >= 1; number--) {
      io.signal.throwIfAborted();
      const entry = await session.archive.entry(source, number).catch(damage.meets);
      const found = entry && (await findIn(entry, id, session).catch(damage.meets));
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** What the report means beside the one before; else what it means to a sink that begins with it. */
async function findIn(entry: ReportEntry, id: string, { stage }: Session): Promise<Found | undefined> {
  const current = await load(stage.archive, stage.kind, entry);
  const base = await loadBase(stage.archive, stage.kind, entry);
  const among = (derived: readonly Derived[]) => derived.find(({ event }) => event.id === id)?.event;
  const told = among(meaningOf(base, current));
  if (told !== undefined) return { event: told, current, base, asFirst: false };
  const first = base === undefined ? undefined : among(meaningOf(undefined, current));
  return first && { event: first, current, base: undefined, asFirst: true };
}

function explanation({ event, current, base, asFirst }: Found) {
  const rule = ruleIn(current, event);
  const ruleBefore = base === undefined || base === 'damaged' ? undefined : ruleIn(base, event);
  const isOther = ruleBefore !== undefined && JSON.stringify(ruleBefore) !== JSON.stringify(rule);
  const none = asFirst ? 'none: as the first report of a sink' : 'none: this is the first report';
  return {
    event,
    report: reportOf(current, event),
    base: base === undefined ? none : base === 'damaged' ? 'damaged' : reportOf(base, event),
    ...(event.data?.['exception'] === undefined ? {} : { exception: event.data['exception'] }),
    rule,
    ...(isOther ? { rule_before: ruleBefore } : {}),
    not_visible: current.context.not_visible,
  };
}

/** Of the check of a finding, as the report was judged. */
function ruleIn({ context }: LoadedReport, { check }: Event) {
  return check && { check: check.id, ...context.rules[check.id] };
}

function reportOf(report: LoadedReport, event: Event) {
  const { entry } = report;
  return {
    source: entry.source,
    number: entry.number,
    generated_at: entry.manifest.generated_at,
    manifest_sha256: entry.sha256,
    parts: entry.manifest.parts.map(
      ({ file }) => `sources/${entry.source}/${String(entry.number).padStart(8, '0')}/${file}`,
    ),
    row: rowFor(event, report),
  };
}

/** What of a report an event looks at: the row of a user, the rows of an audit, the state of a source, a sink or an account, all rows. */
function rowFor(event: Event, report: LoadedReport): string | readonly string[] {
  const { kind, identity, account, data } = event;
  const { entry, parsed, parts } = report;
  if (kind === 'health') return parts.has(COVERAGE_PART) ? accountOf(account, parts) : stateOf(data ?? {}, parts);
  if (isAudit(parsed)) return auditRows(event, report);
  if (identity === undefined) return `all ${entry.manifest.rows} rows of ${entry.manifest.columns} columns`;
  const row =
    parsed.records.find(({ identity: { id, name } }) => id === identity.id && name === identity.name) ??
    parsed.records.find(({ identity: { uniqueId } }) => uniqueId !== undefined && uniqueId === identity.unique_id);
  if (row === undefined) return 'not in this report';
  return parsed.columns.map((column, index) => `${column}=${row.cells[index] ?? ''}`);
}

function accountOf({ provider, id }: Event['account'], parts: Parts): string | readonly string[] {
  const list = JSON.parse(new TextDecoder().decode(parts.get(COVERAGE_PART))) as CoverageList; // our own part, its digest was checked
  const one = list.accounts.find((known) => known.provider === provider && known.account_id === id);
  if (one === undefined) return 'not in this report';
  return Object.entries(one).map(
    ([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
}

function stateOf(data: Readonly<Record<string, unknown>>, parts: Parts): string | readonly string[] {
  const bytes = parts.get(HEALTH_PART);
  if (bytes === undefined) return 'not in this report';
  const health = JSON.parse(new TextDecoder().decode(bytes)) as Health; // our own part, its digest was checked
  const troubles = { source: health.sources, sink: health.sinks, organization: health.organizations ?? {} };
  for (const [thing, named] of Object.entries(troubles)) {
    const trouble = named[String(data[thing])];
    if (trouble !== undefined) return Object.entries(trouble).map(([key, value]) => `${key}=${value}`);
  }
  return 'nothing was wrong with it';
}

function inWords(explained: ReturnType<typeof explanation>): string {
  const { event, report, base, rule, rule_before: ruleBefore, exception } = explained;
  const side = (title: string, of: typeof base) =>
    typeof of === 'string'
      ? [`${title}: ${of}`]
      : [
          `${title}: ${of.source} number ${of.number}, generated ${of.generated_at}, manifest ${of.manifest_sha256}`,
          ...of.parts.map((part) => `  ${part}`),
          ...(typeof of.row === 'string' ? [`  row: ${of.row}`] : of.row.map((cell) => `    ${cell}`)),
        ];
  const lines = [
    `${event.type}: ${event.message}`,
    `event ${event.id}, occurred ${event.occurred_at}`,
    ...side('report', report),
    ...side('before', base),
  ];
  if (exception !== undefined) lines.push(`exception: ${exceptionText(exception)}`);
  if (rule !== undefined) lines.push(`rule: ${JSON.stringify(rule)}`);
  if (ruleBefore !== undefined) lines.push(`rule before: ${JSON.stringify(ruleBefore)}`);
  return `${lines.map(lineOf).join('\n')}\n`;
}

/** Our own, as the finding was judged. */
function exceptionText(exception: unknown): string {
  const { owner, reason, until } = exception as ExceptedFinding['exception'];
  return `accepted by ${owner} until ${until}: ${reason}`;
}
