import type { JobState } from '../../archive/port.ts';
import { ALL_DUTIES, COLLECT_ONLY } from '../../domain/duties.ts';
import { Fault } from '../../domain/fault.ts';
import type { Happening } from '../../domain/happening.ts';
import { formatInstant } from '../../domain/instant.ts';
import { countInWords } from '../../domain/report.ts';
import { concurrently } from '../../kit/concurrently.ts';
import { knownAccounts } from '../../pipeline/accounts.ts';
import { retryAt } from '../../pipeline/backoff.ts';
import { type Collected, collectOnce } from '../../pipeline/collect.ts';
import { listMembers, nameOf } from '../../pipeline/member-lists.ts';
import { plan } from '../../pipeline/plan.ts';
import { sharedBy } from '../../pipeline/shared-fault.ts';
import { type ConfiguredSource, configuredSources, describeSource } from '../../pipeline/stage.ts';
import { noteFault, noteOk, organizationState, sourceState } from '../../pipeline/state.ts';
import { nameOfReport } from '../alike.ts';
import { type How, type Result, type Teller, tellerOf } from '../collect/teller.ts';
import { deliveryOf } from '../delivery.ts';
import { importDropped } from '../dropped.ts';
import { type Command, DONE, FAILED, type Io, UsageError } from '../io.ts';
import { options, type Session, warningsTo, withSession } from '../session.ts';
import { lineOf } from '../text.ts';

const ACCOUNTS_AT_ONCE = 4;
const TRIES = 4;

export const collect: Command = {
  summary: 'Collect what is due once, in this process, deliver everything that lags, exit. Needs no queue.',
  usage: `usage: muster collect [ACCOUNT…] [--now] [--no-deliver] [--all] [--config FILE] [--json]

  ACCOUNT       your name of it, or its id; all accounts when none is given
  --now         ask although it is not due yet (the cloud makes a new report once every four hours at most)
  --no-deliver  archive only
  --all         each account that failed in a line of its own, not one line for each cause`,
  async run(argv, io) {
    const { values, positionals } = options({
      args: [...argv],
      allowPositionals: true,
      options: {
        all: { type: 'boolean' },
        config: { type: 'string' },
        now: { type: 'boolean' },
        json: { type: 'boolean' },
        'no-deliver': { type: 'boolean' },
      },
    });
    const refused = new Map<string, number>();
    const observe = (happening: Happening) => {
      if (happening.kind === 'delivered' && happening.rejected > 0)
        refused.set(happening.sink, (refused.get(happening.sink) ?? 0) + happening.rejected);
      warningsTo(io)(happening);
    };
    const wishes = {
      names: positionals,
      early: values.now === true,
      json: values.json === true,
      all: values.all === true,
    };
    const work = async (session: Session) => {
      const failures = await collectAll(session, io, wishes, values['no-deliver'] !== true);
      for (const [sink, count] of refused)
        io.err(`sink ${sink}: ${count} events were refused for good: muster dead-letters list\n`);
      return failures === 0 && refused.size === 0 ? DONE : FAILED;
    };
    const duties = values['no-deliver'] === true ? COLLECT_ONLY : ALL_DUTIES;
    return withSession(io, values.config, work, observe, true, duties);
  },
};

interface Wishes extends How {
  readonly names: readonly string[];
  readonly early: boolean;
}

/** Resolves to the number of failures. What a source brings goes out at once: a deadline cuts the rest, not all. */
async function collectAll(
  session: Session,
  io: Io,
  { names, early, ...how }: Wishes,
  delivers: boolean,
): Promise<number> {
  let failures = await listOrganizations(session, io);
  const targets = await pick(session, names);
  const teller = tellerOf(session, io, how);
  const delivery = deliveryOf(session, io);
  try {
    await concurrently(targets, ACCOUNTS_AT_ONCE, async (target) => {
      const result = await collectTarget(target, session, io, early);
      if (result.failed) failures += 1;
      await teller.tell(result);
      if (delivers && result.number !== undefined) await delivery.of(target.source);
    });
    if (names.length === 0) failures += await tellDropped(session, io, teller);
    await teller.end();
    await plan(session.stage, io.signal, { isListed: true }); // files health; nothing is queued
    if (delivers) for (const source of await session.archive.sources()) await delivery.of(source);
  } catch (error) {
    if (!io.signal.aborted) throw error;
    await teller.end();
    io.err(`interrupted: ${teller.told()} of ${targets.length} sources were looked at; run muster collect again\n`);
    return 1;
  }
  return failures + delivery.failures();
}

/** Resolves to the number of files that were refused. */
async function tellDropped(session: Session, io: Io, teller: Teller): Promise<number> {
  const dropped = await importDropped(session, io);
  for (const { target, file, text, failed } of dropped)
    await teller.tell({ name: target.account.name, source: target.source, text: `${file}: ${text}`, failed });
  return dropped.filter(({ failed }) => failed).length;
}

/** So that new members are among the targets; resolves to how many organisations are not well. */
async function listOrganizations({ stage, archive }: Session, io: Io): Promise<number> {
  await listMembers(stage, io.signal);
  let failures = 0;
  for (const organization of stage.organizations) {
    const state = (await archive.series<JobState>(organizationState(organization)).latest())?.value;
    if (state === undefined || state.state === 'ok') continue;
    failures += 1;
    io.err(`${nameOf(organization)}: ${state.fault ?? state.state}: ${lineOf(state.message)}\n`);
  }
  return failures;
}

async function pick({ config, stage }: Session, names: readonly string[]): Promise<readonly ConfiguredSource[]> {
  const all = configuredSources(await knownAccounts(stage)).filter(
    ({ source }) => stage.kind(source)?.collectable !== false,
  );
  const named = (target: ConfiguredSource, name: string) =>
    [target.account.name, target.account.id, target.source].includes(name);
  for (const name of names) {
    if (!all.some((target) => named(target, name)))
      throw new UsageError(`no account in ${config.file} is named ${JSON.stringify(name)}`);
  }
  return names.length === 0 ? all : all.filter((target) => names.some((name) => named(target, name)));
}

async function collectTarget(target: ConfiguredSource, session: Session, io: Io, early: boolean): Promise<Result> {
  const base = { name: nameOfReport(target.account.name, target.source), source: target.source };
  try {
    const collected = await patiently(target, session, io, early);
    await noteOk(session.archive, sourceState(target.source), io.clock.now());
    return { ...base, ...inWords(collected) };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const shared = sharedBy(error, target.account);
    const told = { ...base, failed: true, text: `${error.kind}: ${error.message}` };
    if (shared !== undefined) return { ...told, shared };
    await noteFault(session.archive, sourceState(target.source), error, io.clock.now());
    return told;
  }
}

/** Waits as the cloud asks, and tries a few times more what passes by itself. */
async function patiently(target: ConfiguredSource, session: Session, io: Io, early: boolean): Promise<Collected> {
  let state: unknown;
  for (let attempt = 0; ; ) {
    try {
      const collected = await collectOnce(target, session.stage, io.signal, state, { early });
      if (collected.do !== 'wait') return collected;
      io.progress(`${describeSource(target)}: ${collected.step.why}…\n`);
      state = collected.step.state;
      await io.clock.sleepUntil(collected.step.until, io.signal);
    } catch (error) {
      attempt += 1;
      const passes = error instanceof Fault && (error.kind === 'throttled' || error.kind === 'unreachable');
      if (!passes || attempt >= TRIES) throw error;
      io.progress(`${describeSource(target)}: ${error.message}; trying again…\n`);
      await io.clock.sleepUntil(retryAt(error, attempt, io.clock.now()), io.signal);
    }
  }
}

function inWords(collected: Collected): Pick<Result, 'text' | 'failed' | 'number'> {
  switch (collected.do) {
    case 'nothing':
      return { failed: false, text: collected.why };
    case 'wait':
      return { failed: false, text: collected.step.why };
    case 'unchanged':
      return { failed: false, text: `the cloud still has the report of ${formatInstant(collected.step.generatedAt)}` };
    case 'kept':
      return keptInWords(collected.kept);
  }
}

export function keptInWords(
  kept: Extract<Collected, { do: 'kept' }>['kept'],
): Pick<Result, 'text' | 'failed' | 'number'> {
  switch (kept.kind) {
    case 'archived':
      return {
        failed: false,
        number: kept.entry.number,
        text: `report ${kept.entry.number} archived: ${countInWords(kept.entry.source, kept.entry.manifest.rows)}, generated ${formatInstant(kept.entry.generatedAt)}`,
      };
    case 'quarantined':
      return {
        failed: true,
        text: `report ${kept.quarantined.id} is in quarantine: ${kept.quarantined.reason}; look at it, then muster reports accept|reject ${kept.quarantined.id}`,
      };
    case 'dropped':
      return { failed: false, text: `not kept: ${kept.reason}` };
  }
}
