import { readFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { openArchive } from '../src/archive/archive.ts';
import { EVENT_KINDS } from '../src/domain/event.ts';
import { ocsf } from '../src/formats/ocsf/ocsf.ts';
import { deliverSource } from '../src/pipeline/deliver.ts';
import { keep } from '../src/pipeline/keep.ts';
import { configuredSources, type Outlet, type Stage } from '../src/pipeline/stage.ts';
import { aws } from '../src/providers/aws/index.ts';
import { memoryStore } from '../test/kit/memory-store.ts';
import { movableClock } from '../test/kit/movable-clock.ts';
import { testStage } from '../test/kit/stage.ts';
import { allRules } from './kit/all-rules.ts';
import { GENERATED_AT } from './kit/aws-reports.ts';
import { reportsOf } from './kit/large-reports.ts';
import { spent, started } from './kit/throughput.ts';

/**
 * One large account through the pipeline itself: an audit's table is written, a report is kept (parsed, judged, archived) and delivered (read back with the one before, derived,
 * encoded, batched), while the event loop is watched. The store and the sink answer at once: whoever waits, waits for Muster.
 */
const [subjects = '5000', rounds = '8', kindName = 'credential-report', warm = '3'] = process.argv.slice(2);
const WARM = Number(warm);
const DAY_MS = 86_400_000;
const never = new AbortController().signal;
const reportAt = reportsOf(kindName, Number(subjects));
const kind = aws.kinds[kindName];

const clock = movableClock(GENERATED_AT);
const stage: Stage = {
  ...testStage().stage,
  archive: openArchive(memoryStore(), { clock }),
  clock,
  rules: allRules(),
  observe: () => undefined,
};
const accounts = stage.accounts.map((account) => ({ ...account, reports: { [kindName]: { everyMs: DAY_MS } } }));
const [target] = configuredSources(accounts);
const [siem] = stage.outlets;
if (target === undefined || siem === undefined) throw new Error('the kit has neither an account nor a sink');
const outlet: Outlet = {
  ...siem,
  format: ocsf,
  policy: { events: EVENT_KINDS, inventory: 'every' },
  open: async () => ({
    limits: { maxEvents: 100, maxBytes: 262_144 },
    check: async () => undefined,
    send: async (batch) => ({ delivered: batch, rejected: [] }),
    close: async () => undefined,
  }),
};

const passes: object[] = [];
for (let round = 0; round < WARM + Number(rounds); round += 1) {
  const measured = await pass(round);
  if (round >= WARM) passes.push(measured);
}
process.stdout.write(`${JSON.stringify(passes)}\n`);

async function pass(round: number) {
  if (target === undefined || kind === undefined) throw new Error('the kit has no such report');
  clock.move(DAY_MS);
  const make = reportAt(clock.now(), round);
  const loop = monitorEventLoopDelay({ resolution: 1 });
  const turns = watchTurns();
  loop.enable();
  const began = started();
  const kept = await keep(target, kind, await make(), stage);
  if (kept.kind !== 'archived') throw new Error(`the bench's report was ${kept.kind}`);
  const events = await deliverSource(outlet, target.source, stage, never);
  const { ms, cpu_ms } = spent(began);
  await new Promise((resolve) => setTimeout(resolve, 20)); // what blocked last is seen by then
  loop.disable();
  return { events, ms, cpu_ms, longest_block_ms: loop.max / 1e6 - 1, longest_block_cpu_ms: turns.longest() };
}

/** The processor time of each turn of the event loop: what a block would be on a machine that does nothing else. */
function watchTurns() {
  let longest = 0;
  let at = mainThreadMs();
  let isWatching = true;
  const turn = () => {
    const now = mainThreadMs();
    longest = Math.max(longest, now - at);
    at = now;
    if (isWatching) setImmediate(turn);
  };
  setImmediate(turn);
  return {
    longest() {
      isWatching = false;
      return longest;
    },
  };
}

/** Of this thread alone, where the system tells: what packs bytes or collects garbage beside it blocks nobody. */
function mainThreadMs(): number {
  try {
    return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'latin1').split(' ')[0]) / 1e6;
  } catch {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1_000;
  }
}
