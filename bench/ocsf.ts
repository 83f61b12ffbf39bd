import { Buffer } from 'node:buffer';
import { derive } from '../src/derive/derive.ts';
import { judge } from '../src/derive/judge.ts';
import type { LoadedReport } from '../src/domain/loaded.ts';
import { ocsf } from '../src/formats/ocsf/ocsf.ts';
import { allRules } from './kit/all-rules.ts';
import { GENERATED_AT, reportPair } from './kit/aws-reports.ts';
import { CADENCE_MS, loadedReport } from './kit/loaded-report.ts';

/** Raw CSV to the bytes of OCSF events, on one core, step by step: parse, judge by every check, derive, make each event, encode. */
const [users = '5000', rounds = '10'] = process.argv.slice(2);
const WARM = 3;
const CHUNK = 100;
const ID = '100000000000';
const AT = GENERATED_AT + CADENCE_MS;
const { before, after } = reportPair(ID, Number(users));
const rules = allRules();
/** So that parsing alone is timed. */
const NO_RULES = Object.fromEntries(Object.entries(rules).map(([id, rule]) => [id, { ...rule, enabled: false }]));
const base = loadedReport(Buffer.from(before), ID, undefined, GENERATED_AT, rules);
const csv = Buffer.from(after);

const passes = Array.from({ length: WARM + Number(rounds) }, pass).slice(WARM);
process.stdout.write(`${JSON.stringify(passes)}\n`);

function pass() {
  const start = performance.now();
  const clock = lap();
  const parsed = loadedReport(csv, ID, base, AT, NO_RULES);
  clock('parse');
  const current: LoadedReport = {
    ...parsed,
    findings: judge(parsed.entry.source, parsed.parsed, AT, rules, base.findings),
  };
  clock('judge');
  const derived = derive(base, current);
  clock('derive');
  let [events, bytes] = [0, 0];
  // As deliver does it: a part of the report at a time, and nothing of it kept.
  for (let from = 0; from < derived.length; from += CHUNK) {
    clock('');
    const chunk = derived.slice(from, from + CHUNK).map((one) => one.event);
    clock('events');
    const texts = chunk.map((event) => ocsf.encode(event));
    clock('encode');
    for (const text of texts) bytes += Buffer.from(text).length;
    clock('bytes');
    events += chunk.length;
  }
  const { '': _, ...steps } = clock.steps;
  const ms = performance.now() - start;
  return { rows: current.parsed.rows, events, open: current.findings.open.length, bytes, ms, steps };
}

function lap() {
  const steps: Record<string, number> = {};
  let at = cpuMs();
  const clock = (step: string) => {
    const now = cpuMs();
    steps[step] = (steps[step] ?? 0) + now - at;
    at = now;
  };
  return Object.assign(clock, { steps });
}

/** Of all threads: steadier than the wall clock on a machine that others use too. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
