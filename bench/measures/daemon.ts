import { execFile, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Build } from '../kit/build.ts';
import { stopped } from '../kit/child.ts';
import { type Daemon, type Deployment, startDaemon, startDeployment } from '../kit/deployment.ts';
import type { Line } from '../kit/line.ts';
import { median, rounded } from '../kit/median.ts';

const RUNS = 3;
const USERS = 12;
const AIM_SECONDS = 3;
const AIM_MB = 120;
const SAMPLE_MS = 500;
const SAMPLES_ALIKE = 8;
const MOST_SAMPLES = 40;

/** The daemon as it is installed, embedded queue, a folder, one account, against a simulator that takes 2 s for a report. */
export async function measureDaemon(built: Build): Promise<readonly Line[]> {
  const cli = built.file('src/cli/main.js');
  const fresh: number[] = [];
  const ready: number[] = [];
  const idle: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const cloud = await startDeployment(cli, USERS);
    try {
      const first = await daemonOf(built, cli, cloud, `${run}-fresh`);
      fresh.push(first.firstReportMs);
      await stopped(first.child);
      const second = await daemonOf(built, cli, cloud, `${run}-ready`);
      ready.push(second.firstReportMs);
      if (run === 0) idle.push(await settledMb(second.child.pid ?? 0));
      await stopped(second.child);
    } finally {
      await cloud.stop();
    }
  }
  const mb = rounded(median(idle));
  return [
    firstReport('a report is there', ready),
    firstReport('the cloud makes one first, in 2 s', fresh),
    {
      bench: 'idle daemon',
      rss_mb: mb,
      bare_node_rss_mb: rounded(await bareNodeMb()),
      aim: `rss_mb <= ${AIM_MB}`,
      met: mb <= AIM_MB,
    },
  ];
}

async function daemonOf(built: Build, cli: string, cloud: Deployment, name: string): Promise<Daemon> {
  return startDaemon(cli, await cloud.config(built.file(`daemon-${name}`)));
}

function firstReport(when: string, runs: readonly number[]): Line {
  const seconds = rounded(median(runs) / 1_000, 2);
  return {
    bench: 'start to first report',
    when,
    seconds,
    aim: `seconds <= ${AIM_SECONDS}`,
    met: seconds <= AIM_SECONDS,
  };
}

async function bareNodeMb(): Promise<number> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)'], { stdio: 'ignore' });
  try {
    return await settledMb(child.pid ?? 0);
  } finally {
    await stopped(child);
  }
}

/** Resident memory once it has stayed within a megabyte for some seconds. */
async function settledMb(pid: number): Promise<number> {
  let held = await rssMb(pid);
  let alike = 0;
  for (let sample = 0; sample < MOST_SAMPLES && alike < SAMPLES_ALIKE; sample += 1) {
    await sleep(SAMPLE_MS);
    const now = await rssMb(pid);
    alike = Math.abs(now - held) < 1 ? alike + 1 : 0;
    held = now;
  }
  return held;
}

async function rssMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => undefined);
  const inKernel = status && /^VmRSS:\s+(\d+) kB/m.exec(status)?.[1];
  const kb = inKernel ?? (await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)])).stdout.trim();
  return Number(kb) / 1_024;
}
