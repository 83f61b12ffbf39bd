import type { Line } from './line.ts';
import { median, rounded } from './median.ts';

const AIM_BLOCK_MS = 50;

/** What bench/loop.ts measures of one report. */
export interface LoopPass {
  readonly ms: number;
  readonly cpu_ms: number;
  readonly longest_block_ms: number;
  readonly longest_block_cpu_ms: number;
}

export function blockLine(about: Readonly<Record<string, string | number>>, passes: readonly LoopPass[]): Line {
  const of = (number: (pass: LoopPass) => number) => rounded(median(passes.map(number)), 1);
  const longest_block_ms = of((pass) => pass.longest_block_ms);
  return {
    bench: 'longest block of the event loop',
    ...about,
    longest_block_ms,
    longest_block_cpu_ms: of((pass) => pass.longest_block_cpu_ms),
    pipeline_ms: of(({ ms }) => ms),
    pipeline_cpu_ms: of(({ cpu_ms }) => cpu_ms),
    aim: `longest_block_ms <= ${AIM_BLOCK_MS}`,
    met: longest_block_ms <= AIM_BLOCK_MS,
  };
}
