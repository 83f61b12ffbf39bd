import type { JobState, SinkStart } from '../../archive/port.ts';
import { Fault } from '../../domain/fault.ts';
import { formatInstant, parseInstant } from '../../domain/instant.ts';
import { type SourceName, splitSource } from '../../domain/names.ts';
import { knownAccounts } from '../../pipeline/accounts.ts';
import { clockBehindMs, clockInWords } from '../../pipeline/clock-behind.ts';
import { dueAt, newestKnown } from '../../pipeline/due.ts';
import { latenessOf } from '../../pipeline/health.ts';
import { undecided } from '../../pipeline/keep.ts';
import { memberLists } from '../../pipeline/member-lists.ts';
import { type ConfiguredSource, configuredSources } from '../../pipeline/stage.ts';
import { organizationState, sinkState, sourceState } from '../../pipeline/state.ts';
import { type Command, DONE, FAILED, type Io } from '../io.ts';
import { lookInto, options, type Session } from '../session.ts';
import { type OrganizationStatus, type SinkStatus, type SourceStatus, statusInWords } from '../status/words.ts';
import { jsonText } from '../text.ts';

export const status: Command = {
  summary:
    'Every source: its newest report, its age, when it is next due, its last fault, and how far each sink lags. Reads the archive only.',
  usage: `usage: muster status [--all] [--config FILE] [--json]     exit code 1 when something is not well, or events were refused for good

  One line for each trouble, however many sources have it. --all lists every source, also those of one trouble.`,
  async run(argv, io) {
    const { values } = options({
      args: [...argv],
      options: { all: { type: 'boolean' }, config: { type: 'string' }, json: { type: 'boolean' } },
    });
    return lookInto(io, values.config, async (session) => {
      const sources = await sourcesOf(session, io);
      const sinks = await sinksOf(session);
      const organizations = await organizationsOf(session);
      const collected = sources.flatMap(({ head }) => parseInstant(head?.collected_at ?? '') ?? []);
      const behindMs = clockBehindMs(collected, io.clock.now());
      const clock = behindMs === 0 ? {} : { clock: clockInWords(behindMs, io.clock.now()) };
      const all = { sources, sinks, organizations, ...clock };
      await io.out(values.json === true ? jsonText(all) : statusInWords(all, values.all === true));
      const isWell =
        behindMs === 0 &&
        sources.every(({ state }) => state === 'ok' || state === 'waiting') &&
        [...sinks, ...organizations].every(({ state }) => state === 'ok') &&
        sinks.every(({ dead_letters: letters }) => letters === 0);
      return isWell ? DONE : FAILED;
    });
  },
};

async function sourcesOf(session: Session, io: Io): Promise<readonly SourceStatus[]> {
  const configured = new Map(
    configuredSources(await knownAccounts(session.stage)).map((target) => [target.source, target]),
  );
  const known = new Set([...configured.keys(), ...(await session.archive.sources())]);
  const rows: SourceStatus[] = [];
  for (const source of [...known].filter((one) => !one.startsWith('muster/')).toSorted()) {
    io.progress(`looking at ${source}\n`);
    rows.push(await sourceStatus(source, configured.get(source), session, io));
  }
  return rows;
}

async function sourceStatus(
  source: SourceName,
  target: ConfiguredSource | undefined,
  session: Session,
  io: Io,
): Promise<SourceStatus> {
  const { archive } = session;
  const head = await archive.head(source);
  const waiting = await undecided({ source }, head, session);
  const newest = newestKnown(head, waiting);
  const state = (await archive.series<JobState>(sourceState(source)).latest())?.value;
  const failing = state !== undefined && state.state !== 'ok';
  const late = failing || target === undefined ? undefined : await latenessOf(target, head, session.stage);
  return {
    source,
    account: target?.account.name ?? source.split('/')[1] ?? '',
    ...(head && {
      head: {
        number: head.number,
        generated_at: formatInstant(head.generatedAt),
        collected_at: formatInstant(head.collectedAt),
        [splitSource(source).kind === 'key-audit' ? 'keys' : 'identities']: head.manifest.rows,
        sha256: head.sha256,
      },
    }),
    ...(head && { age_seconds: Math.round((io.clock.now() - head.generatedAt) / 1_000) }),
    ...(target && newest !== undefined && { next_due: formatInstant(dueAt(source, newest, target.everyMs)) }),
    state: stateOf(target !== undefined, failing, waiting.length > 0, late !== undefined, head !== undefined),
    ...(failing && state.fault && { fault: state.fault }),
    ...(failing && { message: state.message, since: state.since }),
    ...(late && { message: late.message, since: late.since }),
    ...(!failing && waiting[0] && { message: `report ${waiting[0].id}: ${waiting[0].reason}` }),
    lag: await lagOf(source, session),
  };
}

function stateOf(
  isConfigured: boolean,
  isFailing: boolean,
  isQuarantined: boolean,
  isLate: boolean,
  hasHead: boolean,
): string {
  if (!isConfigured) return 'left';
  if (isFailing) return 'failing';
  if (isQuarantined) return 'quarantined';
  if (isLate) return 'late';
  return hasHead ? 'ok' : 'waiting';
}

/** Reports that a sink has not got yet; the reason where that cannot be told. */
async function lagOf(source: SourceName, { archive, stage }: Session): Promise<Record<string, number | string>> {
  const head = await archive.head(source);
  const lag: Record<string, number | string> = {};
  for (const { name, start } of stage.outlets) {
    try {
      const begun = await archive.series<SinkStart>(['sinks', name]).latest();
      if (begun?.value.start !== start) {
        lag[name] = 'not begun'; // the first plan or delivery begins it: looking changes nothing
        continue;
      }
      const epoch = { sink: name, epoch: begun.number, start: begun.value };
      lag[name] = (head?.number ?? 0) - (await archive.cursor(epoch, source, head));
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      lag[name] = error.message;
    }
  }
  return lag;
}

async function sinksOf({ archive, stage }: Session): Promise<readonly SinkStatus[]> {
  const rows: SinkStatus[] = [];
  for (const { name } of stage.outlets) {
    const state = (await archive.series<JobState>(sinkState(name)).latest())?.value;
    const dead_letters = await archive.deadLetterCount(name);
    rows.push({ sink: name, ...shownOf(state), dead_letters });
  }
  return rows;
}

function shownOf(state: JobState = { state: 'ok', message: '', since: '' }): JobState {
  const { said: _, ...shown } = state;
  return shown;
}

async function organizationsOf({ archive, stage }: Session): Promise<readonly OrganizationStatus[]> {
  const rows: OrganizationStatus[] = [];
  for (const { organization, list } of await memberLists(stage)) {
    const state = (await archive.series<JobState>(organizationState(organization)).latest())?.value;
    rows.push({
      organization: `${organization.provider}/${organization.name}`,
      members: list?.members.length ?? 0,
      listed_at: list?.listed_at ?? '',
      ...shownOf(state),
    });
  }
  return rows;
}
