import type { JobState } from '../../archive/port.ts';
import { Fault } from '../../domain/fault.ts';
import { formatInstant } from '../../domain/instant.ts';
import { concurrently } from '../../kit/concurrently.ts';
import { knownAccounts } from '../../pipeline/accounts.ts';
import { retryAt } from '../../pipeline/backoff.ts';
import { type Collected, collectOnce } from '../../pipeline/collect.ts';
import { deliverSource } from '../../pipeline/deliver.ts';
import { listMembers, nameOf } from '../../pipeline/member-lists.ts';
import { plan } from '../../pipeline/plan.ts';
import { sharedBy } from '../../pipeline/shared-fault.ts';
import { type ConfiguredSource, configuredSources, describeSource } from '../../pipeline/stage.ts';
import { noteFault, noteOk, organizationState, sinkState, sourceState } from '../../pipeline/state.ts';
import { type Command, DONE, FAILED, type Io, UsageError } from '../io.ts';
import { options, type Session, withSession } from '../session.ts';
import { cleanText } from '../text.ts';

const ACCOUNTS_AT_ONCE = 4;
const TRIES = 4;

export const collect: Command = {
  summary: 'Collect what is due once, in this process, deliver everything that lags, exit. Needs no queue.',
  usage: `usage: muster collect [ACCOUNT…] [--now] [--no-deliver] [--config FILE] [--json]

  ACCOUNT       your name of it, or its id; all accounts when none is given
  --now         ask although it is not due yet (the cloud makes a new report once every four hours at most)
  --no-deliver  archive only`,
  async run(argv, io) {
    const { values, positionals } = options({
      args: [...argv],
      allowPositionals: true,
      options: {
        config: { type: 'string' },
        now: { type: 'boolean' },
        json: { type: 'boolean' },
        'no-deliver': { type: 'boolean' },
      },
    });
    return withSession(
      io,
      values.config,
      async (session) => {
        let failures = await listOrganizations(session, io);
        const targets = await pick(session, positionals);
        const shared = new Map<string, { readonly text: string; readonly count: number }>();
        const say = (result: Result) => {
          if (result.failed) failures += 1;
          if (result.shared !== undefined && values.json !== true) {
            const known = shared.get(result.shared);
            shared.set(result.shared, { text: result.text, count: (known?.count ?? 0) + 1 });
            return undefined;
          }
          return io.out(
            values.json === true
              ? `${JSON.stringify(result)}\n`
              : `${cleanText(result.name)}: ${cleanText(result.text)}\n`,
          );
        };
        await concurrently(targets, ACCOUNTS_AT_ONCE, async (target) =>
          say(await collectTarget(target, session, io, values.now === true)),
        );
        for (const { text, count } of shared.values())
          await io.out(`${cleanText(text)}: ${count} sources were not collected\n`);
        await plan(session.stage, io.signal, { isListed: true }); // files health; nothing is queued
        if (values['no-deliver'] !== true) failures += await deliverAll(session, io);
        return failures === 0 ? DONE : FAILED;
      },
      undefined,
      true,
    );
  },
};

interface Result {
  readonly name: string;
  readonly source: string;
  readonly text: string;
  readonly failed: boolean;
  readonly number?: number;
  /** The organisation whose hub failed. */
  readonly shared?: string;
}

/** So that new members are among the targets; resolves to how many organisations are not well. */
async function listOrganizations({ stage, archive }: Session, io: Io): Promise<number> {
  await listMembers(stage, io.signal);
  let failures = 0;
  for (const organization of stage.organizations) {
    const state = (await archive.series<JobState>(organizationState(organization)).latest())?.value;
    if (state === undefined || state.state === 'ok') continue;
    failures += 1;
    io.err(`${nameOf(organization)}: ${state.fault ?? state.state}: ${cleanText(state.message)}\n`);
  }
  return failures;
}

async function pick({ config, stage }: Session, names: readonly string[]): Promise<readonly ConfiguredSource[]> {
  const all = configuredSources(await knownAccounts(stage));
  const named = (target: ConfiguredSource, name: string) =>
    [target.account.name, target.account.id, target.source].includes(name);
  for (const name of names) {
    if (!all.some((target) => named(target, name)))
      throw new UsageError(`no account in ${config.file} is named ${JSON.stringify(name)}`);
  }
  return names.length === 0 ? all : all.filter((target) => names.some((name) => named(target, name)));
}

async function collectTarget(target: ConfiguredSource, session: Session, io: Io, early: boolean): Promise<Result> {
  const base = { name: target.account.name, source: target.source };
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
        text: `report ${kept.entry.number} archived: ${kept.parsed.records.length} identities, generated ${formatInstant(kept.entry.generatedAt)}`,
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

async function deliverAll(session: Session, io: Io): Promise<number> {
  const { stage } = session;
  let failures = 0;
  for (const outlet of stage.outlets) {
    try {
      let events = 0;
      for (const source of await stage.archive.sources())
        events += await deliverSource(outlet, source, stage, io.signal);
      io.progress(`sink ${outlet.name}: ${events} events\n`);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      failures += 1;
      await noteFault(stage.archive, sinkState(outlet.name), error, io.clock.now());
      io.err(
        `sink ${outlet.name}: ${error.kind}: ${cleanText(error.message)}; what is archived goes out at the next run\n`,
      );
    }
  }
  return failures;
}
