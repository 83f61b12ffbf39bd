/** What a child that turns reports into gzipped NDJSON prints. */
export interface Throughput extends Spent {
  readonly rows: number;
  readonly events: number;
  /** Bytes before and after gzip. */
  readonly raw: number;
  readonly packed: number;
  /** Reading and parsing the reports before: not in `ms`. */
  readonly base_ms: number;
}

export interface Spent {
  readonly ms: number;
  /** Of all threads: steadier than the wall clock on a machine that others use too. */
  readonly cpu_ms: number;
  readonly peak_rss_mb: number;
}

export interface Started {
  readonly at: number;
  readonly cpu: NodeJS.CpuUsage;
}

export function started(): Started {
  return { at: performance.now(), cpu: process.cpuUsage() };
}

export function spent({ at, cpu }: Started): Spent {
  const { user, system } = process.cpuUsage(cpu);
  return {
    ms: performance.now() - at,
    cpu_ms: (user + system) / 1_000,
    peak_rss_mb: process.resourceUsage().maxRSS / 1_024,
  };
}
