import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Config } from '../../config/config.ts';
import { completeRules } from '../../derive/checks/registry.ts';
import { NO_DUTIES } from '../../domain/duties.ts';
import type { SourceName } from '../../domain/names.ts';
import type { Rules } from '../../domain/rules.ts';
import { formats } from '../../formats/registry.ts';
import { load, loadBase } from '../../pipeline/load.ts';
import { damageTo } from '../damage.ts';
import { GENERATED_AT, reportPair } from '../estimate/population.ts';
import { syntheticReport } from '../estimate/synthetic.ts';
import { both, type Compared, type Estimate, estimateOf, NONE, type Route, scaled, total } from '../estimate/volume.ts';
import { type Command, DONE, FAILED, type Io, UsageError } from '../io.ts';
import { lookInto, options, pickSources, readConfig, type Session } from '../session.ts';
import { jsonText, table } from '../text.ts';
import { entriesIn } from './events.ts';

const DAY_MS = 86_400_000;
/** So many are measured, and stand for the rest. */
const MOST_USERS = 6_000;
/** Of every user between two reports: about one in 170 is changed in a day. */
const RATES = { usesKey: 0.5, signsIn: 0.2, changes: 0.001, goes: 0.0002 };

const USAGE = `usage: muster estimate [--source SOURCE|ACCOUNT]… [--days N] [--config FILE] [--json]
       muster estimate --accounts N --identities M [--config FILE] [--json]

Events and bytes a day for each sink, by its format, events and inventory. From the newest reports in the archive (--days, 7), or for a made-up
population of AWS accounts with so many users each. Without a config: for each format, as a sink is routed by default.`;

export const estimate: Command = {
  summary: 'How many events and how many GB a day each sink is sent, before a licence finds out.',
  usage: USAGE,
  async run(argv, io) {
    const { values } = options({
      args: [...argv],
      options: {
        config: { type: 'string' },
        source: { type: 'string', multiple: true, default: [] },
        days: { type: 'string' },
        accounts: { type: 'string' },
        identities: { type: 'string' },
        json: { type: 'boolean' },
      },
    });
    const outcome =
      values.accounts === undefined && values.identities === undefined
        ? await fromArchive(values, io)
        : await fromNothing(values, io);
    await io.out(values.json === true ? jsonText(inJson(outcome)) : inWords(outcome));
    return outcome.isWhole ? DONE : FAILED;
  },
};

interface Values {
  readonly config?: string | undefined;
  readonly source: readonly string[];
  readonly days?: string | undefined;
  readonly accounts?: string | undefined;
  readonly identities?: string | undefined;
}

interface Outcome {
  /** What it is made from, for a person. */
  readonly from: string;
  readonly routes: readonly Route[];
  readonly estimates: readonly Estimate[];
  readonly isWhole: boolean;
}

async function fromArchive(values: Values, io: Io): Promise<Outcome> {
  const days = countOf('--days', values.days ?? '7');
  return lookInto(io, values.config, async (session) => {
    const routes = routesOf(session.config);
    const damage = damageTo(io);
    let estimates = noneOf(routes);
    let sources = 0;
    for (const source of await pickSources(session, values.source)) {
      io.progress(`reading ${source}\n`);
      const one = await estimateOf(archived(session, source, days, damage.meets), routes);
      if (one === undefined) continue;
      estimates = summed(estimates, one);
      sources += 1;
    }
    if (sources === 0)
      throw new UsageError('nothing is archived yet: say --accounts N --identities M for a made-up population');
    return { from: `the newest ${days} days of ${sources} sources`, routes, estimates, isWhole: !damage.isMet() };
  });
}

/** The reports of the days before the head; of a source with one report that one, which stands for all that will come. */
async function* archived(
  { archive, stage }: Session,
  source: SourceName,
  days: number,
  onDamage: (error: unknown) => void,
): AsyncGenerator<Compared> {
  const head = await archive.head(source).catch(onDamage);
  if (head === undefined) return;
  const period = { since: head.generatedAt - days * DAY_MS, until: undefined };
  for await (const entry of entriesIn(archive, source, period, onDamage)) {
    if (entry.number === 1 && head.number > 1) continue;
    const report = await compared(stage, entry).catch(onDamage);
    if (report !== undefined) yield report;
  }
}

async function compared(stage: Session['stage'], entry: Parameters<typeof load>[2]): Promise<Compared> {
  const base = await loadBase(stage.archive, stage.kind, entry);
  return { base: base === 'damaged' ? undefined : base, current: await load(stage.archive, stage.kind, entry) };
}

async function fromNothing(values: Values, io: Io): Promise<Outcome> {
  const accounts = countOf('--accounts', values.accounts ?? '');
  const identities = countOf('--identities', values.identities ?? '');
  const hasConfig = values.config !== undefined || existsSync(resolve(io.cwd, 'muster.yaml'));
  const config = hasConfig ? await readConfig(io, values.config, NO_DUTIES) : undefined;
  const routes = routesOf(config);
  const measured = Math.min(accounts, Math.ceil(MOST_USERS / identities));
  let estimates = noneOf(routes);
  for (let index = 0; index < measured; index++) {
    const one = await estimateOf([madeUp(index, identities, config?.rules ?? completeRules({}))], routes);
    if (one !== undefined) estimates = summed(estimates, one);
  }
  const factor = accounts / measured;
  const from = `${accounts} made-up AWS accounts with ${identities} users each (${measured} of them measured)`;
  return { from, routes, estimates: estimates.map((one) => times(one, factor)), isWhole: true };
}

function madeUp(index: number, users: number, rules: Rules): Compared {
  const id = String(100_000_000_000 + index);
  const { before, after } = reportPair(id, users, RATES);
  const base = syntheticReport(Buffer.from(before), id, GENERATED_AT, rules);
  const at = GENERATED_AT + base.context.every_ms;
  return { base, current: syntheticReport(Buffer.from(after), id, at, rules, base) };
}

function countOf(option: string, text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new UsageError(`${option} ${JSON.stringify(text)} is not a number from 1`);
  return Number(text);
}

/** The sinks of the config; without any, each format as a sink is routed by default. */
function routesOf(config: Config | undefined): readonly Route[] {
  if (config === undefined || config.sinks.length === 0) {
    const policy = {
      events: ['inventory', 'change', 'finding', 'health', 'summary'],
      inventory: 'changed+daily',
      findings: 'changed+daily',
    } as const;
    return formats.map((format) => ({ name: '-', format, policy }));
  }
  return config.sinks.flatMap((sink) =>
    formats.filter(({ name }) => name === sink.format).map((format) => ({ name: sink.name, format, policy: sink })),
  );
}

function noneOf(routes: readonly Route[]): readonly Estimate[] {
  return routes.map(() => ({ perDay: NONE, first: NONE }));
}

function summed(sums: readonly Estimate[], more: readonly Estimate[]): readonly Estimate[] {
  return sums.map(({ perDay, first }, index) => {
    const one = more[index] ?? { perDay: NONE, first: NONE };
    return { perDay: both(perDay, one.perDay, 1), first: both(first, one.first, 1) };
  });
}

function times({ perDay, first }: Estimate, factor: number): Estimate {
  return { perDay: scaled(perDay, factor), first: scaled(first, factor) };
}

function inJson({ from, routes, estimates }: Outcome) {
  const rounded = ({ events, bytes }: { events: number; bytes: number }) => ({
    events: Math.round(events),
    bytes: Math.round(bytes),
  });
  return {
    from,
    sinks: routes.map(({ name, format, policy }, index) => {
      const { perDay, first } = estimates[index] ?? { perDay: NONE, first: NONE };
      const byKind = Object.entries(perDay).filter(([, { events }]) => events > 0);
      return {
        sink: name,
        format: format.name,
        events: policy.events,
        inventory: policy.inventory,
        findings: policy.findings ?? 'changed+daily',
        per_day: rounded(total(perDay)),
        per_day_by_kind: Object.fromEntries(byKind.map(([kind, volume]) => [kind, rounded(volume)])),
        first: rounded(total(first)),
      };
    }),
  };
}

function inWords({ from, routes, estimates }: Outcome): string {
  const rows = routes.map(({ name, format, policy }, index) => {
    const { perDay, first } = estimates[index] ?? { perDay: NONE, first: NONE };
    const [day, start] = [total(perDay), total(first)];
    return [name, format.name, policy.inventory, policy.findings ?? 'changed+daily', ...[day, start].flatMap(cellsOf)];
  });
  const header = ['SINK', 'FORMAT', 'INVENTORY', 'FINDINGS', 'EVENTS/DAY', 'GB/DAY', 'EVENTS AT START', 'GB AT START'];
  return `${table(header, rows)}\nFrom ${from}. Bytes are those of the events before compression; health events are not counted.\n`;
}

function cellsOf({ events, bytes }: { readonly events: number; readonly bytes: number }): readonly string[] {
  return [String(Math.round(events)), (bytes / 1e9).toFixed(3)];
}
