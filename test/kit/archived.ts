import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { eight } from '../../src/archive/key.ts';
import { collectOnce } from '../../src/pipeline/collect.ts';
import { configuredSources } from '../../src/pipeline/stage.ts';
import { AWS_SOURCE, csvOf, HOUR, rawReport, type TestStage } from './stage.ts';

/** Collects one report of these users, and lets five hours pass. */
export async function archiveUsers(given: TestStage, users: readonly string[]): Promise<void> {
  const [target] = configuredSources(given.stage.accounts);
  if (target === undefined) throw new Error('the stage has no account');
  given.steps.push({ do: 'keep', report: rawReport(given.clock.now(), csvOf(users)) });
  await collectOnce(target, given.stage, new AbortController().signal, undefined, { early: true });
  given.clock.move(5 * HOUR);
}

/** A part of the newest report is not what it was. */
export async function spoilHead({ stage, store }: TestStage): Promise<void> {
  const head = await stage.archive.head(AWS_SOURCE);
  const key = [...store.objects.keys()].find((one) => one.includes(`/${eight(head?.number ?? 0)}/report-`));
  if (key === undefined) throw new Error('there is no report to spoil');
  store.objects.set(key, Buffer.from('not what it was'));
}

/** What a stage archived in memory, in a folder for a command to read, beside a config. */
export async function writeDeployment(given: TestStage, folder: string, yaml: string): Promise<void> {
  for (const [key, bytes] of given.store.objects) {
    const file = join(folder, 'archive', key);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, bytes);
  }
  await writeFile(join(folder, 'muster.yaml'), yaml);
}
