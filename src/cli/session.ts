import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/load.ts';
import { type Composed, compose } from '../daemon/compose.ts';
import { everyCheck } from '../derive/checks/registry.ts';
import type { Account } from '../domain/account.ts';
import { ALL_DUTIES, NO_DUTIES } from '../domain/duties.ts';
import { EVERY_CHANGE_TYPE } from '../domain/event-types.ts';
import type { Happening } from '../domain/happening.ts';
import { type Instant, parseInstant } from '../domain/instant.ts';
import { type SourceName, splitSource } from '../domain/names.ts';
import { formats } from '../formats/registry.ts';
import { didYouMean } from '../kit/suggest.ts';
import { knownAccounts } from '../pipeline/accounts.ts';
import { providers } from '../providers/registry.ts';
import { secretStores } from '../secrets/registry.ts';
import { sinkPlugins } from '../sinks/registry.ts';
import { type Io, UsageError } from './io.ts';
import { lineOf } from './text.ts';

export const registries = {
  providers,
  sinkPlugins,
  checks: everyCheck,
  formats,
  secretStores,
  changeTypes: EVERY_CHANGE_TYPE,
};

export async function readConfig(io: Io, path: string | undefined, duties = ALL_DUTIES): Promise<Config> {
  return loadConfig(resolve(io.cwd, path ?? 'muster.yaml'), registries, io.env, duties);
}

export interface Session extends Composed {
  readonly config: Config;
}

/** Opens config, archive and parts for one command, and closes them after it. No job is queued: the next plan of the daemon sees what changed. */
export async function withSession<T>(
  io: Io,
  path: string | undefined,
  work: (session: Session) => Promise<T>,
  observe = warningsTo(io),
  probe = false,
  duties = ALL_DUTIES,
): Promise<T> {
  const config = await readConfig(io, path, duties);
  const composed = await compose(config, { clock: io.clock, observe, enqueue: async () => undefined, probe, duties });
  try {
    return await work({ ...composed, config });
  } finally {
    await composed.close();
  }
}

/** As `withSession`, for a command that reads the archive only: no secret of any account or sink needs to be here. */
export async function lookInto<T>(
  io: Io,
  path: string | undefined,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  return withSession(io, path, work, warningsTo(io), false, NO_DUTIES);
}

/** What a one-shot command says while it works: only what is odd. */
export function warningsTo(io: Io): (happening: Happening) => void {
  return (happening) => {
    switch (happening.kind) {
      case 'warning':
        return io.err(`warning: ${lineOf(happening.message)}\n`);
      case 'degraded':
      case 'oddity':
        return io.err(`warning: ${happening.source}: ${lineOf(happening.what)}\n`);
      default:
    }
  };
}

/** Strict: an unknown option is wrong use. */
export const options = parseArgs;

/** What is not asked for is not passed over either. */
export function noMoreThan(count: number, positionals: readonly string[]): void {
  const stray = positionals[count];
  if (stray !== undefined) throw new UsageError(`${JSON.stringify(stray)} is not expected here`);
}

/** One of the words that there are, or nothing. */
export function oneOf<T extends string>(option: string, text: string | undefined, known: readonly T[]): T | undefined {
  const found = known.find((word) => word === text);
  if (text === undefined || found !== undefined) return found;
  throw new UsageError(
    `${option} ${JSON.stringify(text)} is not known; there are ${known.join(', ')}${didYouMean(text, known)}`,
  );
}

/** Words of a list, given one by one or with commas. */
export function listOf<T extends string>(option: string, texts: readonly string[], known: readonly T[]): readonly T[] {
  return texts.flatMap((text) => text.split(',')).flatMap((word) => oneOf(option, word, known) ?? []);
}

export function momentOf(text: string | undefined, option: string): Instant | undefined {
  if (text === undefined) return undefined;
  const instant = parseInstant(text) ?? parseInstant(`${text}T00:00:00Z`);
  if (instant === undefined)
    throw new UsageError(`${option} ${JSON.stringify(text)} is not a time: write 2026-11-20 or 2026-11-20T09:00:00Z`);
  return instant;
}

/** Sources by full name, by `provider/account`, by account id or by your alias, and a kind after these; all when nothing is asked. */
export async function pickSources(session: Session, wanted: readonly string[]): Promise<readonly SourceName[]> {
  const known = await session.archive.sources();
  if (wanted.length === 0) return known;
  const accounts = await knownAccounts(session.stage);
  return wanted.flatMap((text) => {
    const found = known.filter((source) => isNamed(accounts, source, text));
    if (found.length === 0)
      throw new UsageError(`nothing in the archive is named ${JSON.stringify(text)}; muster status lists what is`);
    return found;
  });
}

function isNamed(accounts: readonly Account[], source: SourceName, text: string): boolean {
  const { provider, accountId, kind } = splitSource(source);
  const aliases = accounts
    .filter(({ id, provider: of }) => id === accountId && of === provider)
    .map(({ name }) => name);
  return [`${provider}/${accountId}`, accountId, ...aliases].some((who) => text === who || text === `${who}/${kind}`);
}

export interface Period {
  readonly since: Instant | undefined;
  readonly until: Instant | undefined;
}

export function periodOf(since: string | undefined, until: string | undefined): Period {
  const period = { since: momentOf(since, '--since'), until: momentOf(until, '--until') };
  if ((period.since ?? 0) > (period.until ?? Number.MAX_SAFE_INTEGER))
    throw new UsageError('--since is later than --until');
  return period;
}
