import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allCases } from '../faults/cases/all.ts';
import { type Golden, goldenRuns } from '../faults/cases/kill.ts';
import { type Case, type CaseResult, named, runCases } from '../faults/matrix.ts';
import { MUTANTS } from '../faults/mutants.ts';
import { buildProgram, type Program } from '../faults/program.ts';
import { runMutants } from '../faults/run-mutants.ts';

/** The crash matrix in short: `npm run test:faults` is the whole of it. */
describe('after a fault, and one more run', () => {
  let folder: string;
  let program: Program;
  let golden: Golden;
  let cases: readonly Case[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'muster-faults-'));
    program = await buildProgram(join(folder, 'program'));
    golden = await goldenRuns({ program, folder });
    cases = allCases(golden);
  });

  afterAll(async () => {
    await golden.base.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  async function notOk(names: readonly string[]): Promise<readonly CaseResult[]> {
    const where = { program, folder: join(folder, names[0]!.replace(/\W/g, '-')) };
    const picked = names.map((name) => named(name, cases));
    return (await runCases(picked, where, () => undefined)).filter(({ state }) => state !== 'ok');
  }

  test('a kill at any of these places has lost nothing, and doubled no report', async () => {
    const places = [
      'first report: collect.fetched@1',
      'first report: archive.part_written@2',
      'first report: archive.manifest_written@1',
      'first report: sink.file.appended@1',
      'first report: sink.webhook.answered@2',
      'second report: archive.before_manifest@1',
      'second report: deliver.sent@1',
    ];

    expect(await notOk(places.map((place) => `kill, ${place}`))).toEqual([]);
  });

  test('SIGTERM, a rival and a receiver that redirects have lost nothing', async () => {
    const faults = ['SIGTERM: archive.before_manifest@1', 'two processes race for a number', 'webhook answers 302'];

    expect(await notOk(faults)).toEqual([]);
  });

  test('a flushed Redis has lost nothing', async () => {
    expect(await notOk(['redis: redis is flushed while the only report is delivered'])).toEqual([]);
  });

  test('a full disk has lost nothing', async (context) => {
    const results = await notOk(['disk full, 28 KiB left']);

    context.skip(results[0]?.state === 'skipped', results[0]?.why);
    expect(results).toEqual([]);
  });

  test('the oracle turns red when a mistake is planted', async () => {
    const planted = ['the receipt is written before the answer', 'a 302 counts as delivered', 'no fsync of an object'];
    const mutants = MUTANTS.filter(({ name }) => planted.includes(name));
    const where = { program, folder: join(folder, 'mutants') };

    const results = await runMutants(mutants, cases, where, () => undefined);

    expect(results.filter(({ state }) => state !== 'caught')).toEqual([]);
    expect(results).toHaveLength(planted.length);
  });
});
