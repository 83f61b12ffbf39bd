import { afterAll, beforeAll, expect, test } from 'vitest';
import { step } from '../../src/simulator/aws/step.ts';
import { seededRandom } from '../../src/simulator/random.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { permit, serve, trueCsv } from '../kit/clouds.ts';
import { type Deployment, deployment, eventsIn, FILE_SINK } from '../kit/deployment.ts';
import { type MovableClock, movableClock } from '../kit/movable-clock.ts';
import type { ReceivedEvent } from '../kit/received-events.ts';

const HOUR = 3_600_000;
const ALL = ['iam:Generate*', 'iam:Get*', 'iam:List*'];
const REPORT_ALONE = ['iam:GenerateCredentialReport', 'iam:GetCredentialReport'];

let clock: MovableClock;
let simulator: Simulator;
/** Is told more and less about the same reports. */
let muster: Deployment;
let open: readonly string[];
/** Sees reports and nothing beside them. */
let witness: Deployment;
let account: string;

const CHANGED = { name: 'changed', type: 'file', path: './changed.ndjson', rotate_daily: false, inventory: 'changed' };

beforeAll(async () => {
  clock = movableClock(Date.UTC(2026, 10, 20, 1));
  simulator = await startSimulator({ clock, buildMs: 0, accounts: 1, usersPerAccount: 20 });
  account = simulator.accounts[0]!.id;
  simulator.mutate({ account, do: 'create_root_key' });
  clock.move(HOUR);
  muster = await deployment({ simulator, sinks: [FILE_SINK, CHANGED] });
  witness = await deployment({ simulator, sinks: [FILE_SINK], account: { key_ids: false } });
  await collect(muster);
  open = await findings(muster);
});

afterAll(async () => {
  await simulator.close();
  await Promise.all([muster.remove(), witness.remove()]);
});

/** The next report, and what is new of it in the first deployment's sinks. */
async function collect(...deployments: readonly Deployment[]) {
  const before = [(await muster.events()).length, (await changed()).length] as const;
  for (const one of await Promise.all(deployments.map((each) => each.run(['collect']))))
    expect(one).toMatchObject({ code: 0, stdout: expect.stringContaining('archived') });
  const all = (await muster.events()).slice(before[0]);
  clock.move(4 * HOUR + 121_000);
  return { all, changed: (await changed()).slice(before[1]) };
}

function changed(): Promise<readonly ReceivedEvent[]> {
  return eventsIn(`${muster.folder}/changed.ndjson`);
}

async function findings(of: Deployment): Promise<readonly string[]> {
  const { stdout } = await of.run(['findings', '--json']);
  return (JSON.parse(stdout) as { id: string; since: string }[]).map(({ id, since }) => `${id} ${since}`).sort();
}

function table(): string[][] {
  return trueCsv(simulator, account)
    .split('\n')
    .map((line) => line.match(/"(?:[^"]|"")*"|[^,]+/g)!);
}

function csvOf(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => row.join(',')).join('\n');
}

function form(name: string): void {
  simulator.mutate({ account, do: 'set_report_form', form: name });
}

/** The header stays on top, and cells under their column. */
function shuffled([header, ...rows]: string[][]): string[][] {
  return [header!, ...rows.toReversed()].map((row) => row.toReversed());
}

/** The keys of each user change places. */
function swapSlots([header, ...rows]: string[][]): string[][] {
  const order = header!.map((column) =>
    header!.indexOf(column.replace(/^access_key_([12])/, (_, slot) => `access_key_${3 - Number(slot)}`)),
  );
  return [header!, ...rows.map((row) => order.map((at) => row[at]!))];
}

test.each<[string, () => unknown, readonly string[]]>([
  ['key_ids are switched off', () => muster.configure({ account: { key_ids: false } }), []],
  ['key_ids are switched on', () => muster.configure({ account: {} }), []],
  ['the permission to list is lost', () => permit(simulator, account, REPORT_ALONE), []],
  ['the permission to list is regained', () => permit(simulator, account, ALL), []],
  [
    'rows, columns and the slots of keys are reordered',
    () => serve(simulator, account, csvOf(shuffled(swapSlots(table())))),
    [],
  ],
  [
    'dates are written with +00:00',
    () => serve(simulator, account, csvOf(table()).replaceAll(/(T\d\d:\d\d:\d\d)Z/g, '$1+00:00')),
    [],
  ],
  // Whether the root has a password is a fact that the old form does not tell: its row differs, and nothing happened.
  ['the old form of the report comes', () => form('old'), ['<root_account>']],
  ['the form of today comes back', () => form('live'), ['<root_account>']],
])('%s: no change, no changed id', async (_, happens, rowsThatDiffer) => {
  await happens();

  const { all, changed: rows } = await collect(muster);

  expect(all.filter(({ kind }) => kind === 'change')).toEqual([]);
  expect(all.filter(({ kind, type }) => kind === 'finding' && type !== 'finding.open')).toEqual([]);
  expect(rows.filter(({ kind }) => kind === 'inventory').map(({ identity }) => identity?.name)).toEqual(rowsThatDiffer);
});

test('after all of that the open findings are those of the first report, with the same ids', async () => {
  expect(await findings(muster)).toEqual(open);
  expect(open.length).toBeGreaterThan(3);
});

test('while things do change, what is asked beside the report changes no event and no id', async () => {
  const random = seededRandom(11, 'stable');
  await collect(muster, witness); // the witness begins here
  const since = (await muster.events()).length;
  for (const happens of [
    () => muster.configure({ account: { key_ids: false } }),
    () => muster.configure({ account: {} }),
    () => permit(simulator, account, REPORT_ALONE),
    () => permit(simulator, account, ALL),
  ]) {
    for (let count = 0; count < 25; count += 1) {
      step(simulator.world, random);
      clock.move(60_000);
    }
    await happens();
    const { all } = await collect(muster, witness);
    expect(all.filter(({ kind }) => kind === 'change').length).toBeGreaterThan(2);
  }

  const told = (await muster.events()).slice(since).filter(isOfCloud);
  const seen = (await witness.events()).filter((event) => event.report.number > 1 && isOfCloud(event));
  expect(told.map(inShort).sort()).toEqual(seen.map(inShort).sort());
  expect(told.some(({ credential }) => credential?.id !== undefined)).toBe(true);
  expect(seen.some(({ credential }) => credential?.id !== undefined)).toBe(false);
  expect((await findings(muster)).map(idAlone)).toEqual((await findings(witness)).map(idAlone));
});

/** What is told of accounts each day has the time of its filing, which is the deployment's own. */
function isOfCloud({ report }: ReceivedEvent): boolean {
  return !report.source.startsWith('muster/');
}

/** Number, and with it the order of things, is the deployment's own. */
function inShort({ id, type, identity, finding_id }: ReceivedEvent): string {
  return `${type} ${identity?.name} ${id} ${finding_id}`;
}

function idAlone(finding: string): string {
  return finding.split(' ')[0]!;
}
