/** How far a report has come in a sink. Lives in memory: losing it costs duplicates, never a gap. */
export interface Progress {
  readonly settled: Set<string>;
  rejected: number;
}

export function noProgress(): Progress {
  return { settled: new Set(), rejected: 0 };
}
