import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { until } from '../../kit/until.ts';
import type { Bench } from '../bench.ts';
import { type Child, startProcess } from '../child.ts';
import { type Case, insist, onBench, Skipped } from '../matrix.ts';

/** So many KiB are free when the collect begins: it fails now at the first object, now at the last. */
const FREE_KIB = [4, 12, 20, 28, 36, 44, 52, 60, 68, 74];
const MOUNT = 'mount -t tmpfs -o size=8m,mode=700 tmpfs "$DATA"';

/**
 * The disk is full while a report is collected, then there is room again. The data folder is a small disk of its own, in
 * a mount namespace that lives as long as the shell; what it holds is copied out before and after the recovery.
 */
const SCRIPT = `set -eu
${MOUNT}
total=$(( $(stat -f -c '%a * %S' "$DATA") / 1024 ))
head -c $(( (total - FREE) * 1024 )) /dev/zero > "$DATA/filler"
status=0; "$NODE" "$MAIN" collect --json --config "$CONFIG" > "$OUT/full.out" 2> "$OUT/full.err" || status=$?
mkdir "$OUT/full" && cp -a "$DATA/." "$OUT/full/" && rm "$OUT/full/filler"
echo "$status" > "$OUT/full.code"
while [ ! -e "$OUT/go" ]; do sleep 0.02; done
rm "$DATA/filler"
mkdir "$OUT/room"
status=0; "$NODE" "$MAIN" collect --json --config "$CONFIG" > "$OUT/room.out" 2> "$OUT/room.err" || status=$?
cp -a "$DATA/." "$OUT/room/"
echo "$status" > "$OUT/room.code"
`;

export function diskCases(): readonly Case[] {
  return FREE_KIB.map((free) => ({
    name: `disk full, ${free} KiB left`,
    run: (stand) =>
      onBench(stand, {}, async (bench) => {
        if (!(await canMount(bench))) throw new Skipped('SKIPPED: this machine lets nobody mount a small disk');
        return fullDisk(bench, free);
      }),
  }));
}

async function fullDisk(bench: Bench, free: number) {
  const out = join(bench.home.folder, 'out');
  await mkdir(out);
  const env = {
    ...bench.environment(),
    DATA: join(bench.home.folder, 'data'),
    OUT: out,
    NODE: process.execPath,
    MAIN: bench.program.main,
    CONFIG: bench.home.config,
    FREE: String(free),
  };
  const shell = startProcess('unshare', ['-rm', 'sh', '-c', SCRIPT], { env });
  try {
    return await fullThenRoom(bench, out, shell);
  } finally {
    shell.kill('SIGKILL');
    await shell.ended;
  }
}

async function fullThenRoom(bench: Bench, out: string, shell: Child) {
  await until('the disk was full', () => existsSync(join(out, 'full.code')), bench.patienceMs);
  const full = await endedIn(out, 'full');
  bench.outputs.push(full);
  await insist(inFolder(bench, join(out, 'full')), 'crashed');
  if (full.code !== 1 || !full.stderr.concat(full.stdout).includes('no space is left')) {
    throw new Error(`a full disk should end the collect with 1 and be named: ${full.code} ${full.stderr}`);
  }
  await writeFile(join(out, 'go'), '');
  const { code, stderr } = await shell.ended;
  if (code !== 0) throw new Error(`the script failed: ${stderr}`);
  const room = await endedIn(out, 'room');
  bench.outputs.push(room);
  if (room.code !== 0) throw new Error(`with room again the collect ended with ${room.code}: ${room.stderr}`);
  return insist(inFolder(bench, join(out, 'room')), 'recovered', 1);
}

function inFolder(bench: Bench, data: string): Bench {
  const home = { ...bench.home, archive: join(data, 'archive'), events: join(data, 'events.ndjson') };
  return { ...bench, home };
}

async function endedIn(folder: string, name: string) {
  const [code, stdout, stderr] = await Promise.all(
    ['code', 'out', 'err'].map((end) => readFile(join(folder, `${name}.${end}`), 'utf8')),
  );
  return { code: Number(code), signal: null, stdout: stdout ?? '', stderr: stderr ?? '' };
}

async function canMount(bench: Bench): Promise<boolean> {
  const folder = join(bench.home.folder, 'probe');
  await mkdir(folder);
  const probe = promisify(execFile)('unshare', ['-rm', 'sh', '-c', MOUNT], { env: { ...process.env, DATA: folder } });
  return probe.then(
    () => true,
    () => false,
  );
}
