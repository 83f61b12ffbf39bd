import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Build } from '../kit/build.ts';
import type { Line } from '../kit/line.ts';
import { median, rounded } from '../kit/median.ts';

const RUNS = 9;
const AIM_MS = 150;

/** `muster --help`, beside a Node that does nothing. */
export async function measureHelp(built: Build): Promise<readonly Line[]> {
  const help: number[] = [];
  const bare: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    help.push(await timed([built.file('src/cli/main.js'), '--help']));
    bare.push(await timed(['-e', '0']));
  }
  const ms = rounded(median(help));
  return [
    { bench: 'muster --help', ms, bare_node_ms: rounded(median(bare)), aim: `ms <= ${AIM_MS}`, met: ms <= AIM_MS },
  ];
}

async function timed(args: readonly string[]): Promise<number> {
  const began = performance.now();
  await promisify(execFile)(process.execPath, args);
  return performance.now() - began;
}
