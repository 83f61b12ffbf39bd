import { expect, onTestFinished, test } from 'vitest';
import { writeDeployment } from '../../test/kit/archived.ts';
import { cliIo } from '../../test/kit/cli-io.ts';
import { collectFrom, mishaps } from '../../test/kit/fold/mishaps.ts';
import { foldArrived, folded, listed, onceEach } from '../../test/kit/fold/receiver.ts';
import { bringUp, calm, listedOf, newWalk, type Receiver, type Walk } from '../../test/kit/fold/walk.ts';
import { sortedHeld } from '../../test/kit/fold.ts';
import { temporaryFolder } from '../../test/kit/folder.ts';
import { HOUR } from '../../test/kit/stage.ts';
import { findings } from '../cli/commands/findings.ts';
import type { OpenRow } from '../cli/open-findings.ts';
import type { SourceName } from '../domain/names.ts';
import { seededRandom } from '../simulator/random.ts';
import { knownAccounts } from './accounts.ts';
import { listMembers } from './member-lists.ts';
import { configuredSources } from './stage.ts';

const ROUNDS = 15;

/** One round: the world goes on, some sources are collected, and all sinks but those that are down are brought up to date. */
async function round(walk: Walk): Promise<void> {
  const { stage, random, given } = walk;
  await mishaps(walk);
  const sources = configuredSources(await knownAccounts(stage)).map(({ source }) => source);
  for (const source of sources) if (random.chance(0.5)) await collectFrom(walk, source);
  for (const receiver of walk.receivers) if (walk.isFragile || random.chance(0.85)) await expectFold(walk, receiver);
  given.clock.move(random.pick([5, 5, 11, 24, 24 * 30]) * HOUR);
}

async function expectFold(walk: Walk, receiver: Receiver): Promise<void> {
  for (const source of await walk.stage.archive.sources()) {
    await bringUp(receiver, source, walk);
    const rows = await listedOf(walk, source);
    if (rows === undefined) continue;
    const open = listed(receiver.format, rows);
    expect(arrived(receiver, source)).toEqual(open);
    const all = receiver.all.get(source) ?? [];
    expect(folded(all)).toEqual(open);
    for (const which of ['first', 'last'] as const) expect(folded(onceEach(all, which))).toEqual(open);
  }
}

function arrived({ held, fresh }: Receiver, source: SourceName): ReturnType<typeof sortedHeld> {
  const own = held.get(source) ?? new Map<string, string>();
  held.set(source, own);
  foldArrived(own, fresh.get(source) ?? []);
  fresh.delete(source);
  return sortedHeld(own);
}

test.each([2, 3])(
  'what any sink was sent, in any format, adds up to what `muster findings` lists, at every step (%i)',
  { timeout: 120_000 },
  async (seed) => {
    const walk = newWalk(seededRandom(seed, 'fold'), { isFragile: seed % 3 === 0 });
    await listMembers(walk.stage, calm);

    for (let number = 1; number <= ROUNDS; number++) {
      walk.diary.push(`--- round ${number}`);
      await round(walk).catch((error: unknown) => {
        throw new Error(walk.diary.join('\n'), { cause: error });
      });
    }

    expectVariety(walk);
    await expectCommand(walk);
  },
);

/** The command itself, once: it lists all sources, those of accounts that have left too. */
async function expectCommand(walk: Walk): Promise<void> {
  const { given, stage } = walk;
  const folder = await temporaryFolder();
  onTestFinished(() => folder.remove());
  await writeDeployment(given, folder.path, 'archive: ./archive\naccounts: []\nsinks: []\n');
  const io = cliIo(folder.path, given.clock);
  const rows: OpenRow[] = [];
  for (const source of await stage.archive.sources()) rows.push(...((await listedOf(walk, source)) ?? []));

  await findings.run(['--json'], io);

  const idsOf = (list: readonly OpenRow[]) => list.map(({ id }) => id).sort();
  expect(idsOf(JSON.parse(io.said.out) as readonly OpenRow[])).toEqual(idsOf(rows));
}

function expectVariety({ receivers, diary }: Walk): void {
  const types = receivers.flatMap(({ all }) => [...all.values()].flat().map(({ type }) => type));
  expect([...new Set(types)].sort()).toEqual([
    'finding.baseline',
    'finding.closed',
    'finding.open',
    'finding.opened',
    'summary.report',
  ]);
  expect(diary.some((line) => line.endsWith('and quarantined'))).toBe(true);
}
