import { availableParallelism, loadavg } from 'node:os';
import { build } from './kit/build.ts';
import { measureAudits } from './measures/audits.ts';
import { measureDaemon } from './measures/daemon.ts';
import { measureHelp } from './measures/help.ts';
import { measureOcsf } from './measures/ocsf.ts';
import { measurePlan } from './measures/plan.ts';
import { measureThroughput } from './measures/throughput.ts';

/** Prints one JSON line for each number that Muster aims at. Everything is measured in processes of their own. */
const MEASURES = {
  ocsf: measureOcsf,
  audits: measureAudits,
  throughput: measureThroughput,
  plan: measurePlan,
  daemon: measureDaemon,
  help: measureHelp,
};
const MACHINE = {
  node: process.version,
  cpus: availableParallelism(),
  load_at_start: Number((loadavg()[0] ?? 0).toFixed(1)),
};

const wanted = process.argv.slice(2);
const built = await build();
try {
  for (const [name, measure] of Object.entries(MEASURES)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    for (const line of await measure(built)) process.stdout.write(`${JSON.stringify({ ...line, ...MACHINE })}\n`);
  }
} finally {
  await built.remove();
}
