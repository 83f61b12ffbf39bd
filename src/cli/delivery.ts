import { Fault } from '../domain/fault.ts';
import type { SourceName } from '../domain/names.ts';
import { deliverSource } from '../pipeline/deliver.ts';
import { refusalsOf } from '../pipeline/refusals.ts';
import type { Outlet } from '../pipeline/stage.ts';
import { deliveryState, noteFault, noteSinkFault } from '../pipeline/state.ts';
import type { Io } from './io.ts';
import type { Session } from './session.ts';
import { lineOf } from './text.ts';

/** Then it is the sink. */
const SOURCES_REFUSED = 3;

/** Delivering without a queue: a sink that failed is not asked again in this run, a source that cannot be read holds no other. */
export function deliveryOf(session: Session, io: Io) {
  const dead = new Set<string>();
  const said = new Set<string>();
  let failures = 0;
  return {
    failures: () => failures,
    async of(source: SourceName): Promise<void> {
      for (const outlet of session.stage.outlets) {
        if (dead.has(outlet.name)) continue;
        const fault = await deliverTo(outlet, source, session, io);
        if (fault === undefined) continue;
        failures += 1;
        if (!said.has(outlet.name))
          io.err(
            `sink ${outlet.name}: ${fault.kind}: ${lineOf(fault.message)}; what is archived goes out at the next run\n`,
          );
        if (fault.isOfSink) said.add(outlet.name);
        if (fault.isOfSink && !mayBeItsOwn(outlet, source, session)) dead.add(outlet.name);
      }
    },
  };
}

/** A sink that takes nothing of one source may take what others have: then these events are refused for what they are. */
function mayBeItsOwn({ name }: Outlet, source: SourceName, { stage }: Session): boolean {
  const { wholly } = refusalsOf(stage.refusals, name);
  return wholly.has(source) && wholly.size < SOURCES_REFUSED;
}

async function deliverTo(outlet: Outlet, source: SourceName, { stage }: Session, io: Io): Promise<Fault | undefined> {
  try {
    const events = await deliverSource(outlet, source, stage, io.signal);
    if (events > 0) io.progress(`sink ${outlet.name}: ${events} events of ${source}\n`);
    return undefined;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const now = io.clock.now();
    if (error.isOfSink) await noteSinkFault(stage.archive, outlet.name, source, error, now);
    else await noteFault(stage.archive, deliveryState(outlet.name, source), error, now);
    return error;
  }
}
