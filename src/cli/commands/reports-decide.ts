import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Quarantined } from '../../archive/port.ts';
import { parseInstant } from '../../domain/instant.ts';
import { sourceName } from '../../domain/names.ts';
import { knownAccounts } from '../../pipeline/accounts.ts';
import { importReport } from '../../pipeline/import.ts';
import type { Kept } from '../../pipeline/keep.ts';
import { release } from '../../pipeline/quarantine.ts';
import { type ConfiguredSource, configuredSources } from '../../pipeline/stage.ts';
import type { ReportKind } from '../../providers/provider.ts';
import { DONE, FAILED, type Io, UnreadableFile, UsageError } from '../io.ts';
import { registries, type Session } from '../session.ts';
import { cleanText } from '../text.ts';
import { keptInWords } from './collect.ts';
import type { ReportsValues } from './reports-options.ts';

export async function accept(session: Session, io: Io, [id]: readonly string[]): Promise<number> {
  const quarantined = await find(session, id);
  const target = configuredSources(await knownAccounts(session.stage)).find(
    ({ source }) => source === quarantined.source,
  );
  const kind = session.stage.kind(quarantined.source);
  if (target === undefined || kind === undefined)
    throw new UsageError(`${quarantined.source} is not in ${session.config.file}`);
  return say(io, await release(target, kind, quarantined, session.stage));
}

export async function reject(session: Session, io: Io, [id]: readonly string[]): Promise<number> {
  const quarantined = await find(session, id);
  await session.archive.decide(quarantined, 'rejected', io.clock.now());
  await io.out(
    `${quarantined.id} of ${quarantined.source} is rejected: its bytes stay in quarantine, and it is asked for anew when it is due\n`,
  );
  return DONE;
}

async function find({ archive }: Session, id: string | undefined): Promise<Quarantined> {
  const open = (await archive.quarantined()).filter(({ decision }) => decision === undefined);
  const [found, ...more] = open.filter((one) => one.id === id || `${one.source}/${one.id}` === id);
  if (found !== undefined && more.length === 0) return found;
  const known = open.map((one) => one.id).join(', ') || 'none';
  throw new UsageError(
    id === undefined
      ? `say which: ${known}`
      : `no report ${JSON.stringify(id)} waits for a decision; there are ${known}`,
  );
}

/** A CSV that a team already keeps, through the same guard. */
export async function bring(
  session: Session,
  io: Io,
  [file]: readonly string[],
  values: ReportsValues,
): Promise<number> {
  if (file === undefined || values.account === undefined || values['generated-at'] === undefined)
    throw new UsageError('import needs --account, --generated-at and a file');
  const generatedAt = parseInstant(values['generated-at']);
  if (generatedAt === undefined)
    throw new UsageError(
      `--generated-at ${JSON.stringify(values['generated-at'])} is not a time with a zone: write 2026-11-20T09:00:00Z`,
    );
  const { target, kind } = await importTarget(session, values.account);
  const bytes = await readFile(resolve(io.cwd, file)).catch((error: unknown) => {
    throw new UnreadableFile(file, error);
  });
  return say(io, await importReport(target, kind, new Uint8Array(bytes), generatedAt, session.stage));
}

async function importTarget(
  session: Session,
  name: string,
): Promise<{ readonly target: ConfiguredSource; readonly kind: ReportKind }> {
  const account = (await knownAccounts(session.stage)).find((one) => one.name === name || one.id === name);
  if (account === undefined)
    throw new UsageError(`no account in ${session.config.file} is named ${JSON.stringify(name)}`);
  const [kindName, kind] = importedKind(account.provider);
  const source = sourceName({ provider: account.provider, accountId: account.id, kind: kindName });
  const configured = configuredSources([account]).find((one) => one.source === source);
  return { kind, target: configured ?? { source, account, everyMs: kind.cadenceMs } };
}

async function say(io: Io, kept: Kept): Promise<number> {
  const { text, failed } = keptInWords(kept);
  const refused = failed || kept.kind === 'dropped';
  const line = `${cleanText(text)}\n`;
  if (refused) io.err(line);
  else await io.out(line);
  return refused ? FAILED : DONE;
}

/** The one kind of this cloud whose reports a person can bring. */
function importedKind(provider: string): readonly [string, ReportKind] {
  const kinds = Object.entries(registries.providers.find(({ name }) => name === provider)?.kinds ?? {});
  const found = kinds.find(([, kind]) => 'imported' in kind);
  if (found === undefined) throw new UsageError(`${provider} has no report that can be imported`);
  return found;
}
