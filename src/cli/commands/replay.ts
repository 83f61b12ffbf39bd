import type { SinkStart } from '../../archive/port.ts';
import { selects } from '../../derive/select.ts';
import { DELIVER_ONLY } from '../../domain/duties.ts';
import { Fault } from '../../domain/fault.ts';
import type { SourceName } from '../../domain/names.ts';
import { retryAt } from '../../pipeline/backoff.ts';
import { encoded } from '../../pipeline/deliver.ts';
import { noProgress } from '../../pipeline/progress.ts';
import { sendAll } from '../../pipeline/send.ts';
import type { Outlet } from '../../pipeline/stage.ts';
import { firstFor } from '../../pipeline/start.ts';
import { damageTo } from '../damage.ts';
import { type Command, DONE, FAILED, type Io, UsageError } from '../io.ts';
import { options, type Period, periodOf, pickSources, type Session, withSession } from '../session.ts';
import { entriesIn, eventsOf } from './events.ts';

const TRIES = 5;

export const replay: Command = {
  summary: 'Send the events of a period to a sink again: same ids, no receipts touched.',
  usage: 'usage: muster replay --sink SINK [--source SOURCE|ACCOUNT]… [--since TIME] [--until TIME] [--config FILE]',
  async run(argv, io) {
    const { values } = options({
      args: [...argv],
      options: {
        config: { type: 'string' },
        sink: { type: 'string' },
        source: { type: 'string', multiple: true, default: [] },
        since: { type: 'string' },
        until: { type: 'string' },
      },
    });
    const period = periodOf(values.since, values.until);
    const work = async (session: Session) => {
      const outlet = outletNamed(session, values.sink);
      return replayTo(outlet, await pickSources(session, values.source), period, session, io);
    };
    return withSession(io, values.config, work, undefined, true, DELIVER_ONLY); // an event that is refused becomes a dead letter
  },
};

async function replayTo(
  outlet: Outlet,
  sources: readonly SourceName[],
  period: Period,
  session: Session,
  io: Io,
): Promise<number> {
  let events = 0;
  let rejected = 0;
  const damage = damageTo(io);
  for (const source of sources) {
    const first = await firstOf(outlet, source, session);
    for await (const entry of entriesIn(session.archive, source, period, damage.meets)) {
      const derived = await eventsOf(session.stage, entry, entry.number === first).catch(damage.meets);
      const wanted = (derived ?? []).filter((one) => selects(outlet.policy, one));
      const progress = noProgress();
      await patiently(io, () =>
        sendAll(outlet, entry, () => encoded(wanted, outlet), progress, session.stage, io.signal),
      );
      rejected += progress.rejected;
      events += progress.settled.size;
      io.progress(`${source} ${entry.number}: ${progress.settled.size} events\n`);
    }
  }
  io.err(
    `${events - rejected} events sent to ${outlet.name}${rejected > 0 ? `, ${rejected} rejected: muster dead-letters list` : ''}\n`,
  );
  return rejected === 0 && !damage.isMet() ? DONE : FAILED;
}

/** The report that the sink began this source with, as a baseline; undefined while it has not begun. */
async function firstOf({ name, start }: Outlet, source: SourceName, { archive }: Session): Promise<number | undefined> {
  const begun = await archive.series<SinkStart>(['sinks', name]).latest();
  const head = await archive.head(source);
  if (begun?.value.start !== start || head === undefined) return undefined;
  return firstFor({ sink: name, epoch: begun.number, start: begun.value }, source, head, archive);
}

export function outletNamed({ stage, config }: Session, name: string | undefined): Outlet {
  const outlet = stage.outlets.find((one) => one.name === name);
  if (outlet !== undefined) return outlet;
  const known = stage.outlets.map((one) => one.name).join(', ') || 'none';
  throw new UsageError(
    name === undefined
      ? `say --sink: there are ${known}`
      : `no sink in ${config.file} is named ${JSON.stringify(name)}; there are ${known}`,
  );
}

/** A throttled or unreachable sink is tried again. */
export async function patiently<T>(io: Io, send: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await send();
    } catch (error) {
      const passes = error instanceof Fault && (error.kind === 'throttled' || error.kind === 'unreachable');
      if (!passes || attempt >= TRIES) throw error;
      io.progress(`${error.message}; trying again…\n`);
      await io.clock.sleepUntil(retryAt(error, attempt, io.clock.now()), io.signal);
    }
  }
}
