import { monitorEventLoopDelay } from 'node:perf_hooks';
import { openArchive } from '../src/archive/archive.ts';
import { EVENT_KINDS } from '../src/domain/event.ts';
import { ocsf } from '../src/formats/ocsf/ocsf.ts';
import { deliverSource } from '../src/pipeline/deliver.ts';
import { keep } from '../src/pipeline/keep.ts';
import { configuredSources, type Outlet, type Stage } from '../src/pipeline/stage.ts';
import { credentialReport } from '../src/providers/aws/credential-report/kind.ts';
import { memoryStore } from '../test/kit/memory-store.ts';
import { movableClock } from '../test/kit/movable-clock.ts';
import { ACCOUNT, rawReport, testStage } from '../test/kit/stage.ts';
import { allRules } from './kit/all-rules.ts';
import { GENERATED_AT, reportPair } from './kit/aws-reports.ts';
import { CADENCE_MS } from './kit/loaded-report.ts';
import { spent, started } from './kit/throughput.ts';

/**
 * One large account through the pipeline itself: a report is kept (parsed, judged, archived) and delivered (read back with the one before, derived,
 * encoded, batched), while the event loop is watched. The store and the sink answer at once: whoever waits, waits for Muster.
 */
const [users = '5000', rounds = '8'] = process.argv.slice(2);
const WARM = 3;
const never = new AbortController().signal;
const { before, after } = reportPair(ACCOUNT, Number(users));

const clock = movableClock(GENERATED_AT);
const stage: Stage = {
  ...testStage().stage,
  archive: openArchive(memoryStore(), { clock }),
  clock,
  rules: allRules(),
  observe: () => undefined,
};
const [target] = configuredSources(stage.accounts);
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
  const measured = await pass(round % 2 === 0 ? before : after);
  if (round >= WARM) passes.push(measured);
}
process.stdout.write(`${JSON.stringify(passes)}\n`);

async function pass(csv: string) {
  if (target === undefined) throw new Error('the kit has no account');
  clock.move(CADENCE_MS);
  const report = rawReport(clock.now(), csv);
  const loop = monitorEventLoopDelay({ resolution: 1 });
  const turns = watchTurns();
  loop.enable();
  const began = started();
  const kept = await keep(target, credentialReport, report, stage);
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
  let at = process.cpuUsage();
  let isWatching = true;
  const turn = () => {
    const { user, system } = process.cpuUsage(at);
    longest = Math.max(longest, (user + system) / 1_000);
    at = process.cpuUsage();
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
