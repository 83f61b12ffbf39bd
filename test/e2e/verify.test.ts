import { randomUUID } from 'node:crypto';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { type Deployment, deployment, FILE_SINK } from '../kit/deployment.ts';
import { type Forger, forger } from '../kit/forger.ts';
import { type MovableClock, movableClock } from '../kit/movable-clock.ts';
import { ACCOUNT, csvOf, HOUR } from '../kit/stage.ts';

const REPORTS = 13;
const SOURCE = `aws/${ACCOUNT}/credential-report`;

let simulator: Simulator;
let muster: Deployment;
let clock: MovableClock;

/** Twelve imported reports and one collected, all delivered. */
beforeAll(async () => {
  clock = movableClock();
  simulator = await startSimulator({ clock, buildMs: 0, accounts: [{ id: ACCOUNT }], usersPerAccount: 4 });
  muster = await deployment({ simulator, sinks: [{ ...FILE_SINK, start: 'all' }] });
  for (let number = 1; number < REPORTS; number += 1) {
    await writeFile(join(muster.folder, 'kept.csv'), csvOf(['alice', 'bob', `user-${number}`]));
    const at = new Date(clock.now() - (REPORTS - number) * 4 * HOUR - HOUR).toISOString();
    const args = ['reports', 'import', '--account', ACCOUNT, '--generated-at', at, 'kept.csv'];
    expect(await muster.run(args)).toMatchObject({ code: 0, stderr: '' });
  }
  expect(await muster.run(['collect'])).toMatchObject({ code: 0 });
});

afterAll(async () => {
  await simulator.close();
  await muster.remove();
});

const ANCHORS = ['--anchors', 'events.ndjson'];

/** The command, over a copy of the archive that somebody has tampered with. */
async function verify(tamper: (forge: Forger) => void, ...anchors: readonly string[][]) {
  const copy = `tampered-${randomUUID()}`;
  const config = (await readFile(join(muster.folder, 'muster.yaml'), 'utf8')).replace('./archive', `./${copy}`);
  await writeFile(join(muster.folder, `${copy}.yaml`), config);
  await cp(join(muster.folder, 'archive'), join(muster.folder, copy), { recursive: true });
  tamper(forger(join(muster.folder, copy), SOURCE, 'everything'));
  const runs = anchors.map(async (args) => {
    const { code, stdout, stderr } = await muster.run(['reports', 'verify', '--config', `${copy}.yaml`, ...args]);
    expect(stderr).toBe('');
    return { code, first: stdout.split('\n')[0] ?? '', isUnproven: stdout.includes('cannot be proven') };
  });
  return Promise.all(runs);
}

test('an archive that nobody touched is whole; without anchors it is said that the tail is not proven', async () => {
  const [alone, anchored] = await verify(() => undefined, [], ANCHORS);

  expect(alone).toEqual({ code: 0, first: expect.stringMatching(/^whole: 2 sources, 14 reports/), isUnproven: true });
  expect(anchored).toEqual({ code: 0, first: expect.stringMatching(/^whole: /), isUnproven: false });
});

test.concurrent.each<[string, (forge: Forger) => void, RegExp]>([
  ['a flipped byte in a report', (by) => by.flipByte(5, 'report-'), /00000005\/report-\w+\.csv\.gz: changed/],
  ['a flipped byte in a context', (by) => by.flipByte(5, 'context-'), /00000005\/context-\w+\.json: changed/],
  ['a missing part', (by) => by.removePart(6, 'findings-'), /00000006\/findings-\w+\.json: lost/],
  ['a changed manifest', (by) => by.edit(7, lie), /00000007\/manifest\.json: changed/],
  ['a changed newest manifest', (by) => by.edit(REPORTS, lie), /00000013\/manifest\.json: changed/],
  ['a removed report in the middle', (by) => by.removeReport(8), /00000008\/manifest\.json: lost/],
  ['a removed first report', (by) => by.removeReport(1), /00000001\/manifest\.json: lost/],
  ['an inserted report in the middle', (by) => by.insertAfter(4), /0000000[56]\/manifest\.json: (changed|added)/],
  ['an inserted newest report', (by) => by.insertAfter(REPORTS), /00000014\/manifest\.json: (changed|added)/],
  ['a re-hashed tail', (by) => by.rewrite(9, forgetBob, { receipts: false }), /00000009\/manifest\.json: changed/],
  [
    'the newest removed, its receipt kept',
    (by) => by.removeNewest(1, { receipts: false }),
    /00000013\/manifest\.json: lost/,
  ],
  ['a removed receipt', (by) => by.removeReceipt(5), /00000005-\w{12}\.json: lost/],
  ['a changed receipt', (by) => by.changeReceipt(5), /00000005-\w{12}\.json: changed|was changed/],
  ['receipts that contradict', (by) => by.swapReceipts(5, 6), /00000005-\w{12}\.json: changed/],
])('%s is found without anchors, and the first object is named', async (_, tamper, named) => {
  const [alone] = await verify(tamper, []);

  expect(alone).toMatchObject({ code: 1, first: expect.stringMatching(named) });
});

test.concurrent.each<[string, (forge: Forger) => void, RegExp]>([
  ['the newest report removed', (by) => by.removeNewest(1, { receipts: true }), /00000013\/manifest\.json: lost/],
  ['the newest ten removed', (by) => by.removeNewest(10, { receipts: true }), /00000004\/manifest\.json: lost/],
  [
    'a tail re-hashed with its receipts',
    (by) => by.rewrite(9, forgetBob, { receipts: true }),
    /00000009\/manifest\.json: changed/,
  ],
])('%s cannot be seen without anchors, which is said, and is found with them', async (_, tamper, named) => {
  const [alone, anchored] = await verify(tamper, [], ANCHORS);

  expect(alone).toMatchObject({ code: 0, first: expect.stringMatching(/^whole: /), isUnproven: true });
  expect(anchored).toMatchObject({ code: 1, first: expect.stringMatching(named) });
});

test('a forged report at the end is not vouched for by the anchors', async () => {
  const change = { number: REPORTS + 1, generated_at: '2026-11-20T13:00:00.000Z' };
  const forgeOne = (by: Forger) => {
    by.insertAfter(REPORTS);
    by.edit(REPORTS + 1, (manifest) => void Object.assign(manifest, change));
    by.rewrite(REPORTS, (csv) => csv, { receipts: true });
  };

  const [anchored] = await verify(forgeOne, ANCHORS);

  expect(anchored?.isUnproven).toBe(true);
});

function lie(manifest: { collected_at: string }): void {
  manifest.collected_at = '2026-01-01T00:00:00.000Z';
}

function forgetBob(csv: string): string {
  return csv
    .split('\n')
    .filter((line) => !line.startsWith('bob,'))
    .join('\n');
}
