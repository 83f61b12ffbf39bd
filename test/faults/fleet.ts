import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { runFleet } from './fleet-run.ts';

const MINUTE_MS = 60_000;
const MOST_LATE_MS = 60_000;
const MOST_MORE_MB = 30;

const { values } = parseArgs({
  options: {
    members: { type: 'string', default: '300' },
    minutes: { type: 'string', default: '15' },
    // One source in a simulated second is this many in a real one: more than one processor of two does beside the cloud is no test of Muster.
    rate: { type: 'string', default: '4' },
    users: { type: 'string', default: '5000' },
    tick: { type: 'string', default: '10' },
    outage: { type: 'string', default: '60' },
    main: { type: 'string', default: join(import.meta.dirname, '../../dist/cli/main.js') },
  },
});
if (!existsSync(values.main)) throw new Error(`${values.main} is not there: npm run build first`);
const began = performance.now();
const result = await runFleet({
  members: Number(values.members),
  first: Math.max(12, Math.ceil(Number(values.members) / 6)),
  large: 10,
  usersOfLarge: Number(values.users),
  denied: 5,
  everyMs: Number(values.minutes) * MINUTE_MS,
  tickMs: Number(values.tick) * MINUTE_MS,
  outageMs: Number(values.outage) * MINUTE_MS,
  rate: Number(values.rate),
  main: resolve(values.main),
  say: (line) => console.log(line),
});
const { memoryOfFirst, memoryOfAll, lateMs, alerts, ...rest } = result;
const at = (share: number) => Math.round((lateMs[Math.floor(share * (lateMs.length - 1))] ?? 0) / 1_000);
const moreMb = Math.round((memoryOfAll.retainedMb - memoryOfFirst.retainedMb) * 10) / 10;
const failing = alerts.filter((type) => type === 'health.organization.failing').length;
const single = alerts.filter((type) => !type.startsWith('health.organization.')).length;
console.log(
  JSON.stringify({
    members: Number(values.members),
    late_seconds: { median: at(0.5), most_of_99_percent: at(0.99), most: at(1), of: lateMs.length },
    retained_mb: { first: memoryOfFirst.retainedMb, all: memoryOfAll.retainedMb, more: moreMb },
    rss_mb: { first: memoryOfFirst.rssMb, all: memoryOfAll.rssMb },
    alerts_of_the_outage: { organization: failing, single },
    ...rest,
    seconds: Math.round((performance.now() - began) / 1_000),
  }),
);
const isCalm = (lateMs.at(-1) ?? 0) <= MOST_LATE_MS && moreMb <= MOST_MORE_MB && rest.alike === 3;
process.exitCode = isCalm && failing === 1 && single === 0 && rest.code === 0 ? 0 : 1;
