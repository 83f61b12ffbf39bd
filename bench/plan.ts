import { openArchive } from '../src/archive/archive.ts';
import { openFileStore } from '../src/archive/file-store.ts';
import { plan } from '../src/pipeline/plan.ts';
import { planClock, planStage } from './kit/plan-archive.ts';
import { type Spent, spent, started } from './kit/throughput.ts';

/** Plans every source of the folder twice: as a process that has just started, and as one that has planned before. */
const [folder = '', sources = '0'] = process.argv.slice(2);
const never = new AbortController().signal;

const store = await openFileStore(folder);
const stage = planStage(openArchive(store, { clock: planClock() }), Number(sources));
const cold = await timed();
const steady = await timed();
process.stdout.write(`${JSON.stringify({ cold, steady })}\n`);

async function timed(): Promise<Spent> {
  const start = started();
  const { sources: seen, due, behind } = await plan(stage, never);
  if (seen < stage.accounts.length || due === 0 || behind > 0)
    throw new Error(`the bench made another archive than it meant to: ${seen} sources, ${due} due, ${behind} behind`);
  return spent(start);
}
