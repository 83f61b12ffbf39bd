import type { ReportEntry } from '../../src/domain/report.ts';
import type { Bench } from './bench.ts';

/** `GeneratedTime` is on a whole second, which may lie a second before the answer STARTED. */
const SECOND_MS = 1_000;

/** What is archived is what the cloud served, and the cloud was not asked for more than one report a window. */
export function reportProblems(bench: Bench, entries: readonly ReportEntry[]): readonly string[] {
  return [...strangers(bench, entries), ...impatience(bench)];
}

function strangers({ simulator, source }: Bench, entries: readonly ReportEntry[]): readonly string[] {
  const served = simulator.world.reports.filter((report) => report.served > 0);
  return entries
    .filter((entry) => entry.source === source)
    .flatMap((entry) => {
      const alike = served.filter(({ sha256 }) => sha256 === entry.manifest.parts[0]?.sha256);
      const report = alike.find(({ generatedAt }) => generatedAt === entry.generatedAt);
      const name = `${entry.source} ${entry.number}`;
      if (alike.length === 0) return [`${name}: the cloud never served these bytes`];
      if (report === undefined) return [`${name}: another time than the cloud's`];
      return report.injected ? [`${name}: the guard let a broken report in`] : [];
    });
}

function impatience({ simulator, everyMs }: Bench): readonly string[] {
  const started = simulator.calls
    .list()
    .filter(({ answer }) => answer.state === 'STARTED')
    .map(({ at }) => Date.parse(at));
  return started.flatMap((at, index) => {
    const before = started[index - 1];
    if (before === undefined || at - before >= everyMs - SECOND_MS) return [];
    return [`the cloud was asked for a second report ${Math.round((at - before) / 1_000)}s after the one before`];
  });
}
