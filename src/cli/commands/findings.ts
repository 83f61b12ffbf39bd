import { isMeant } from '../../derive/exceptions.ts';
import { type SourceName, splitSource } from '../../domain/names.ts';
import { knownAccounts } from '../../pipeline/accounts.ts';
import { configuredSources } from '../../pipeline/stage.ts';
import { csvText } from '../csv.ts';
import { damageTo } from '../damage.ts';
import { idleExceptions } from '../idle-exceptions.ts';
import { type Command, DONE, FAILED, type Io, UsageError } from '../io.ts';
import { type ExceptedRow, findingsOf, type OpenRow } from '../open-findings.ts';
import { listOf, lookInto, momentOf, options, pickSources, registries, type Session } from '../session.ts';
import { jsonText, lineOf, table } from '../text.ts';

const ORDER = ['critical', 'high', 'medium', 'low', 'informational'];
const PROVIDERS = registries.providers.map(({ name }) => name);
const STATUSES = ['fail', 'warn', 'unknown'];
const USAGE = `usage: muster findings [--excepted] [filters] [--json | --csv] [--config FILE]

  --provider P           one of the clouds
  --account NAME         your alias, or the account's id (--source takes a whole source too)
  --label KEY=VALUE      accounts that had this label when the report was collected; KEY alone: any value
  --identity PATTERN     name or id of the user; * is any text, ? one character; root: the root of any cloud
  --check ID             see docs/checks.md
  --severity S           ${ORDER.join(', ')}
  --status S             ${STATUSES.join(', ')}
  --since TIME           opened at this time or later: 2026-11-20 or 2026-11-20T09:00:00Z
  --excepted             not what is open, but what is accepted for now: by whom, why, until when

Each filter may stand more than once: any of its values will do (labels: all of them). --provider, --check, --severity
and --status take a list with commas, too.`;

export const findings: Command = {
  summary: 'What is wrong now, as the newest report of each source was judged.',
  usage: USAGE,
  async run(argv, io) {
    const many = { type: 'string', multiple: true, default: [] as string[] } as const;
    const { values } = options({
      args: [...argv],
      options: {
        config: { type: 'string' },
        source: many,
        account: many,
        provider: many,
        label: many,
        identity: many,
        check: many,
        severity: many,
        status: many,
        since: { type: 'string' },
        json: { type: 'boolean' },
        csv: { type: 'boolean' },
        excepted: { type: 'boolean' },
      },
    });
    if (values.json === true && values.csv === true) throw new UsageError('--json or --csv, not both');
    const isWanted = filterOf(values);
    const which = values.excepted === true ? 'excepted' : 'open';
    return lookInto(io, values.config, async (session) => {
      const named = await sourcesOf(session, [...values.source, ...values.account]);
      const ofProviders = listOf('--provider', values.provider, PROVIDERS);
      const sources = [...named].filter((source) => isOneOf(ofProviders, splitSource(source).provider));
      const damage = damageTo(io);
      const found = await everything(session, sources, which, io, damage);
      const sorted = found.rows
        .filter(isWanted)
        .toSorted((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity) || compare(a.since, b.since));
      if (which === 'excepted')
        for (const { about, why } of await idleExceptions(session.stage)) io.err(`warning: ${about}: ${lineOf(why)}\n`);
      await io.out(
        values.json === true
          ? jsonText(sorted)
          : values.csv === true
            ? inCsv(sorted, which)
            : inWords(sorted, which, found.isBlind),
      );
      return damage.isMet() ? FAILED : DONE;
    });
  },
};

type Which = 'open' | 'excepted';
type Row = OpenRow & Partial<Pick<ExceptedRow, 'exception'>>;

/** Those of the config too, that have no report yet. */
async function sourcesOf(session: Session, wanted: readonly string[]): Promise<ReadonlySet<SourceName>> {
  const archived = await pickSources(session, wanted);
  const expected = wanted.length > 0 ? [] : configuredSources(await knownAccounts(session.stage));
  return new Set([...archived, ...expected.map(({ source }) => source)]);
}

interface Found {
  readonly rows: readonly Row[];
  /** There are sources, and none of them could be read. */
  readonly isBlind: boolean;
}

/** An account without a report has nothing open, and that is no good news. */
async function everything(
  session: Session,
  sources: readonly SourceName[],
  which: Which,
  io: Io,
  damage: ReturnType<typeof damageTo>,
): Promise<Found> {
  const rows: Row[] = [];
  const unknown: SourceName[] = [];
  let read = 0;
  for (const source of sources) {
    io.progress(`reading ${source}\n`);
    const found = await findingsOf(session, source).catch((error: unknown) => {
      damage.meets(error);
      return 'damaged' as const;
    });
    if (found === 'damaged') continue;
    if (found === undefined) unknown.push(source);
    else {
      read += 1;
      rows.push(...found[which]);
    }
  }
  const [first, ...more] = unknown;
  const others = more.length === 0 ? '' : ` and ${more.length} more`;
  if (first !== undefined)
    io.err(`warning: no report yet of ${first}${others}: what is wrong there is not known; muster status says why\n`);
  return { rows, isBlind: sources.length > 0 && read === 0 };
}

interface Filters {
  readonly provider: readonly string[];
  readonly label: readonly string[];
  readonly identity: readonly string[];
  readonly check: readonly string[];
  readonly severity: readonly string[];
  readonly status: readonly string[];
  readonly since?: string | undefined;
}

function filterOf(values: Filters): (row: OpenRow) => boolean {
  const providers = listOf('--provider', values.provider, PROVIDERS);
  const checks = listOf(
    '--check',
    values.check,
    registries.checks.map(({ id }) => id),
  );
  const severities = listOf('--severity', values.severity, ORDER);
  const statuses = listOf('--status', values.status, STATUSES);
  const since = momentOf(values.since, '--since');
  return (row) =>
    isOneOf(providers, row.provider) &&
    isOneOf(checks, row.check) &&
    isOneOf(severities, row.severity) &&
    isOneOf(statuses, row.status) &&
    values.label.every((label) => isLabelled(row, label)) &&
    (values.identity.length === 0 || values.identity.some((pattern) => isMeant(pattern, row.identity))) &&
    (since === undefined || Date.parse(row.since) >= since);
}

function isOneOf(wanted: readonly string[], word: string): boolean {
  return wanted.length === 0 || wanted.includes(word);
}

/** `env=prod`, or `env` alone for any value. */
function isLabelled({ labels }: OpenRow, label: string): boolean {
  const at = label.indexOf('=');
  const key = at === -1 ? label : label.slice(0, at);
  return Object.hasOwn(labels, key) && (at === -1 || labels[key] === label.slice(at + 1));
}

function inWords(rows: readonly Row[], which: Which, isBlind: boolean): string {
  if (isBlind) return 'nothing could be read\n';
  if (rows.length === 0) return which === 'open' ? 'nothing is open\n' : 'nothing is excepted\n';
  const cells = rows.map(({ severity, check, account, identity, credential, policy, status, since, exception }) => [
    severity,
    check,
    account,
    nameOf(identity),
    credential?.id ?? credential?.created_at ?? policy ?? '-',
    ...(exception === undefined ? [status, since] : [exception.owner, exception.until, exception.reason]),
  ]);
  const last = which === 'open' ? ['STATUS', 'OPEN SINCE'] : ['ACCEPTED BY', 'UNTIL', 'REASON'];
  return table(['SEVERITY', 'CHECK', 'ACCOUNT', 'IDENTITY', 'CREDENTIAL OR POLICY', ...last], cells);
}

/** Audits tell of roles and groups too, which may be named as a user is. */
function nameOf({ kind, name }: OpenRow['identity']): string {
  return kind === 'role' || kind === 'group' ? `${kind} ${name}` : name;
}

type Column = readonly [name: string, cell: (row: Row) => string | undefined];

const COLUMNS: readonly Column[] = [
  ['severity', ({ severity }) => severity],
  ['check', ({ check }) => check],
  ['title', ({ check }) => registries.checks.find(({ id }) => id === check)?.title],
  ['provider', ({ provider }) => provider],
  ['account_id', ({ account_id }) => account_id],
  ['account', ({ account }) => account],
  [
    'labels',
    ({ labels }) =>
      Object.entries(labels)
        .map(([key, value]) => `${key}=${value}`)
        .sort()
        .join(';'),
  ],
  ['identity_kind', ({ identity }) => identity.kind],
  ['identity', ({ identity }) => identity.name],
  ['identity_id', ({ identity }) => identity.id],
  ['credential_kind', ({ credential }) => credential?.kind],
  ['credential_id', ({ credential }) => credential?.id],
  ['credential_created_at', ({ credential }) => credential?.created_at],
  ['status', ({ status }) => status],
  ['since', ({ since }) => since],
  ['generated_at', ({ generated_at }) => generated_at],
  ['source', ({ source }) => source],
  ['finding_id', ({ id }) => id],
  ['policy', ({ policy }) => policy],
];

const OF_EXCEPTION: readonly Column[] = [
  ['exception_owner', ({ exception }) => exception?.owner],
  ['exception_until', ({ exception }) => exception?.until],
  ['exception_reason', ({ exception }) => exception?.reason],
];

function inCsv(rows: readonly Row[], which: Which): string {
  const columns = which === 'open' ? COLUMNS : [...COLUMNS, ...OF_EXCEPTION];
  return csvText(
    columns.map(([name]) => name),
    rows.map((row) => columns.map(([, cell]) => cell(row) ?? '')),
  );
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
