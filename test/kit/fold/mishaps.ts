import { everyCheck } from '../../../src/derive/checks/registry.ts';
import { formatInstant } from '../../../src/domain/instant.ts';
import type { SourceName } from '../../../src/domain/names.ts';
import type { Exception, Rules, Severity } from '../../../src/domain/rules.ts';
import { knownAccounts, knownSource } from '../../../src/pipeline/accounts.ts';
import { collectOnce } from '../../../src/pipeline/collect.ts';
import { importReport } from '../../../src/pipeline/import.ts';
import type { Kept } from '../../../src/pipeline/keep.ts';
import { listMembers } from '../../../src/pipeline/member-lists.ts';
import { release } from '../../../src/pipeline/quarantine.ts';
import { configuredSources } from '../../../src/pipeline/stage.ts';
import type { Random } from '../../../src/simulator/random.ts';
import { DAY, HOUR } from '../records.ts';
import { live } from './people.ts';
import { reportOf, tableOf } from './reports.ts';
import { calm, cloudOf, memberOf, type Walk } from './walk.ts';

type Mishap = readonly [chance: number, name: string, happen: (walk: Walk) => void | Promise<void>];

/** What may come between two reports, beside what happens in the clouds; each with how often it does. */
const MISHAPS: readonly Mishap[] = [
  [0.4, 'rules', (walk) => void (walk.stage.rules = rulesIn(walk.stage.rules, walk.random))],
  [0.4, 'exceptions', (walk) => void (walk.stage.exceptions = exceptionsIn(walk))],
  [0.2, 'release', ({ stage, random }) => void (stage.version = `0.${random.below(9)}.0`)],
  [0.3, 'renamed or relabelled', relabel],
  [0.2, 'leaves or returns', leaveOrReturn],
  [0.1, 'another start', restart],
  [0.3, 'damage', damage],
  [0.1, 'daily list', daily],
  [0.4, 'decision', decide],
  [0.3, 'imports', bring],
];

export async function mishaps(walk: Walk): Promise<void> {
  for (const [chance, name, happen] of MISHAPS) {
    if (!walk.random.chance(chance)) continue;
    walk.diary.push(name);
    await happen(walk);
  }
}

const SEVERITIES: readonly Severity[] = ['informational', 'low', 'medium', 'high', 'critical'];

/** Some checks are switched, weigh otherwise or have other thresholds; a release that does not know a check does not judge it. */
function rulesIn(rules: Rules, random: Random): Rules {
  const days = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, 1 + random.below(200)]));
  return Object.fromEntries(
    everyCheck.map(({ id, defaults }) => {
      const before = rules[id] ?? defaults;
      if (!random.chance(0.4)) return [id, before];
      const thresholds = random.chance(0.6) ? days(Object.keys(defaults.thresholds)) : before.thresholds;
      const severity = random.chance(0.3) ? random.pick(SEVERITIES) : before.severity;
      const lists = defaults.lists && { identities: ['user-1*'], keys: random.chance(0.5) ? ['AKIA*'] : [] };
      return [id, { enabled: random.chance(0.75), severity, thresholds, ...(lists === undefined ? {} : { lists }) }];
    }),
  );
}

function exceptionsIn({ given, random }: Walk): readonly Exception[] {
  const now = given.clock.now();
  return Array.from({ length: random.below(5) }, () => ({
    owner: 'ops',
    reason: 'x',
    until: formatInstant(now + random.below(96) * HOUR).slice(0, 10),
    ...(random.chance(0.4) ? { labels: { env: random.pick(['prod', 'test']) } } : {}),
    ...(random.chance(0.3) ? { accounts: [random.pick(['prod', 'renamed', 'aws/123456789012', '100000000001'])] } : {}),
    ...(random.chance(0.4) ? { identities: [random.pick(['user-1*', 'root', '*alice*', '10000*'])] } : {}),
    ...(random.chance(0.5) ? { checks: [random.pick(everyCheck).id, 'user.key.too_old'] } : {}),
  }));
}

async function relabel(walk: Walk): Promise<void> {
  const { stage, random } = walk;
  const labels = { env: random.pick(['prod', 'test']) };
  const name = random.pick(['prod', 'renamed', '']);
  walk.members = walk.members.map(() => memberOf(name, labels));
  stage.accounts = stage.accounts.map((account) =>
    random.chance(0.5) ? { ...account, labels, name: name === '' ? account.id : name } : account,
  );
  await listMembers(stage, calm);
}

async function leaveOrReturn(walk: Walk): Promise<void> {
  const other = { ...memberOf('other'), id: '210987654321' };
  const [present] = walk.members;
  walk.members = present?.id === other.id ? [memberOf('prod')] : [other];
  await listMembers(walk.stage, calm);
}

/** Each start is an epoch of its own, also one that was in force before. */
function restart({ receivers, random, given, isFragile }: Walk): void {
  if (isFragile) return;
  const { outlet } = random.pick(receivers);
  const day = formatInstant(given.clock.now() - random.below(10) * DAY).slice(0, 10);
  outlet.start = random.pick(['now', 'all', day]);
}

/** An object of a newest report is lost, or is not what it was. */
async function damage({ isFragile, random, given, stage }: Walk): Promise<void> {
  if (!isFragile) return;
  const { objects } = given.store;
  const [source] = (await stage.archive.sources()).toSorted(() => random.fraction() - 0.5);
  if (source === undefined) return;
  const head = await stage.archive.head(source);
  const folder = `sources/${source}/${String(head?.number ?? 0).padStart(8, '0')}/`;
  const parts = [...objects.keys()].filter((key) => key.startsWith(folder) && !key.endsWith('/manifest.json'));
  if (parts.length === 0) return;
  const key = random.pick(parts);
  if (random.chance(0.5)) objects.delete(key);
  else objects.set(key, Buffer.from('not what it was'));
}

function daily({ receivers, random }: Walk): void {
  const { outlet } = random.pick(receivers);
  outlet.policy = { ...outlet.policy, findings: random.pick(['changed', 'changed+daily']) };
}

/** A person looks at the quarantine: at old reports too. */
async function decide(walk: Walk): Promise<void> {
  const { stage, random, given } = walk;
  const held = (await stage.archive.quarantined()).filter(
    ({ decision, generatedAt }) => generatedAt <= given.clock.now() && (decision === undefined || random.chance(0.1)),
  );
  if (held.length === 0) return;
  const one = random.pick(held);
  const [target, kind] = [await knownSource(stage, one.source), stage.kind(one.source)];
  if (target === undefined || kind === undefined) return;
  if (random.chance(0.3)) await stage.archive.decide(one, 'rejected', given.clock.now());
  else note(walk, one.source, 'accepted and', await release(target, kind, one, stage));
}

/** A CSV from last week, or from now. */
async function bring(walk: Walk): Promise<void> {
  const { stage, random, given, people } = walk;
  const targets = configuredSources(await knownAccounts(stage)).filter(
    ({ source }) => stage.kind(source)?.imported !== undefined,
  );
  if (targets.length === 0) return;
  const target = random.pick(targets);
  const { provider, id } = target.account;
  const kind = stage.kind(target.source);
  if (kind === undefined) return;
  const csv = tableOf(provider, id, people.get(provider) ?? [], random);
  const at = given.clock.now() - random.pick([0, 0, HOUR, 7 * DAY]);
  note(walk, target.source, 'imported and', await importReport(target, kind, Buffer.from(csv), at, stage));
}

/** Something happens in the account, and the cloud reports it: whole, cut short, with half of it gone, dated wrongly, or again with other bytes. */
export async function collectFrom(walk: Walk, source: SourceName): Promise<void> {
  const { stage, random, given, people, answers } = walk;
  const target = await knownSource(stage, source);
  if (target === undefined || stage.kind(source)?.collectable === false) return;
  const now = given.clock.now();
  const before = people.get(cloudOf(source)) ?? [];
  const after = live(before, now, random);
  people.set(cloudOf(source), after);
  const report = reportOf(source, random.chance(0.05) ? after.slice(0, 4) : after, now, random);
  const [table, ...beside] = report.parts;
  const bytes = random.chance(0.05) ? table?.bytes.subarray(0, -70) : table?.bytes;
  const head = await stage.archive.head(source);
  const generatedAt = random.chance(0.9) ? now : random.pick([now + DAY, head?.generatedAt ?? now, now - DAY]);
  answers.set(source, {
    ...report,
    generatedAt,
    parts: table === undefined || bytes === undefined ? [] : [{ ...table, bytes }, ...beside],
  });
  const collected = await collectOnce(target, stage, calm, undefined, { early: true });
  if (collected.do === 'kept') note(walk, source, 'collected and', collected.kept);
}

function note({ diary }: Walk, source: SourceName, how: string, { kind }: Kept): void {
  diary.push(`${source}: ${how} ${kind}`);
}
