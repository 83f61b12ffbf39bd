import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

export interface S3Server {
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  createBucket(name: string): Promise<void>;
  close(): Promise<void>;
}

const KEY = 'test';
const SECRET = 'testtest';
const PROGRAMS = ['ceph', 'ceph-authtool', 'ceph-mon', 'ceph-osd', 'monmaptool', 'radosgw', 'radosgw-admin'];
const PACKAGES = ['radosgw', 'ceph-mon', 'ceph-osd', 'ceph-common'];

/** A real S3 server: Ceph's gateway over one monitor and one in-memory OSD, all on loopback, in a folder of its own. */
export async function startS3Server(): Promise<S3Server> {
  install();
  const folder = mkdtempSync(join(tmpdir(), 'muster-ceph-'));
  const processes: ChildProcess[] = [];
  const kill = () => {
    for (const child of processes.toReversed()) child.kill('SIGKILL');
  };
  process.once('exit', kill);
  const close = async () => {
    process.off('exit', kill);
    kill();
    await Promise.all(processes.map(ended));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const endpoint = await start(folder, processes);
    const access = { endpoint, region: 'us-east-1', accessKeyId: KEY, secretAccessKey: SECRET };
    return { ...access, createBucket: (name) => createBucket(access, name), close };
  } catch (error) {
    const why = lastWords(folder);
    await close();
    throw new Error(`the S3 server did not start: ${why}`, { cause: error });
  }
}

function install(): void {
  if (PROGRAMS.every(isThere)) return;
  const command = `apt-get install -y --no-install-recommends ${PACKAGES.join(' ')}`;
  if (process.getuid?.() !== 0) throw new Error(`the S3 tests need a Ceph gateway: run as root: ${command}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  try {
    execFileSync('apt-get', ['update', '-qq'], { env, stdio: 'ignore' });
    execFileSync('sh', ['-c', command], { env, stdio: 'ignore' });
  } catch (cause) {
    throw new Error(`the S3 tests need a Ceph gateway, and this failed: ${command}`, { cause });
  }
}

function isThere(program: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

async function start(folder: string, processes: ChildProcess[]): Promise<string> {
  const [gateway, monitor] = [await freePort(), await freePort()];
  const conf = join(folder, 'ceph.conf');
  const cluster = randomUUID();
  writeFileSync(conf, configuration(folder, cluster, gateway, monitor));
  const run = (program: string, ...args: string[]) =>
    execFileSync(program, ['-c', conf, ...args], { cwd: folder, stdio: 'pipe', timeout: 60_000 });
  const launch = (program: string, ...args: string[]) => {
    const log = openSync(join(folder, `${program}.out`), 'a');
    const child = spawn(program, ['-c', conf, '-f', ...args], { cwd: folder, stdio: ['ignore', log, log] });
    processes.push(child);
    return child;
  };
  makeMonitor(folder, cluster, monitor);
  run('ceph-mon', '--mkfs', '-i', 'a', '--monmap', 'monmap', '--keyring', 'keyring');
  launch('ceph-mon', '-i', 'a', '--public-addrv', `v1:127.0.0.1:${monitor}`);
  const osd = randomUUID();
  mkdirSync(join(folder, 'osd.0'));
  run('ceph', 'osd', 'new', osd, '0');
  run('ceph-osd', '-i', '0', '--mkfs', '--osd-uuid', osd, '--no-mon-config');
  await startOsd(() => launch('ceph-osd', '-i', '0'));
  const user = ['--uid=test', '--display-name=test', `--access-key=${KEY}`, `--secret=${SECRET}`];
  run('radosgw-admin', 'user', 'create', ...user);
  launch('radosgw', '-n', 'client.rgw');
  const endpoint = `http://127.0.0.1:${gateway}`;
  await answers(endpoint);
  return endpoint;
}

function makeMonitor(folder: string, cluster: string, port: number): void {
  const run = (program: string, ...args: string[]) => execFileSync(program, args, { cwd: folder, stdio: 'pipe' });
  run('ceph-authtool', '--create-keyring', 'keyring', '--gen-key', '-n', 'mon.', '--cap', 'mon', 'allow *');
  const caps = ['--cap', 'mon', 'allow *', '--cap', 'osd', 'allow *'];
  run('ceph-authtool', 'keyring', '--gen-key', '-n', 'client.admin', ...caps);
  run('monmaptool', '--create', '--clobber', '--fsid', cluster, '--addv', 'a', `[v1:127.0.0.1:${port}]`, 'monmap');
  mkdirSync(join(folder, 'mon.a'));
}

/** The first start sometimes loses a race with the monitor and ends: then it is started again. */
async function startOsd(launch: () => ChildProcess): Promise<void> {
  for (let attempt = 1; attempt <= 8; attempt += 1) {
    const osd = launch();
    const early = await Promise.race([ended(osd).then(() => true), wait(1_000, false)]);
    if (!early) return;
  }
  throw new Error('ceph-osd keeps ending');
}

async function answers(endpoint: string): Promise<void> {
  for (let attempt = 1; attempt <= 240; attempt += 1) {
    const status = await fetch(endpoint).then(
      (response) => response.status,
      () => undefined,
    );
    if (status === 200) return;
    await wait(250);
  }
  throw new Error('the gateway does not answer');
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

function lastWords(folder: string): string {
  const tail = (file: string) => {
    try {
      return readFileSync(join(folder, file), 'utf8').trimEnd().split('\n').slice(-3).join(' | ');
    } catch {
      return '';
    }
  };
  return ['ceph-mon.out', 'ceph-osd.out', 'radosgw.out'].map(tail).filter(Boolean).join(' / ');
}

async function createBucket(access: Omit<S3Server, 'createBucket' | 'close'>, name: string): Promise<void> {
  const { S3Client, CreateBucketCommand } = await import('@aws-sdk/client-s3');
  const { endpoint, region, accessKeyId, secretAccessKey } = access;
  const credentials = { accessKeyId, secretAccessKey };
  const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
  await client.send(new CreateBucketCommand({ Bucket: name }));
  client.destroy();
}

function configuration(folder: string, cluster: string, gateway: number, monitor: number): string {
  return `[global]
fsid = ${cluster}
mon host = v1:127.0.0.1:${monitor}
public addr = 127.0.0.1
cluster addr = 127.0.0.1
ms bind ipv4 = true
ms bind ipv6 = false
ms bind msgr2 = false
auth cluster required = none
auth service required = none
auth client required = none
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 4
osd pool default pgp num = 4
osd crush chooseleaf type = 0
osd objectstore = memstore
osd memory target = 939524096
memstore device bytes = 1073741824
mon allow pool size one = true
mon max pg per osd = 1000
mon warn on pool no redundancy = false
run dir = ${folder}
admin socket = ${folder}/$name.asok
pid file = ${folder}/$name.pid
log file = ${folder}/$name.log
mon data = ${folder}/mon.a
osd data = ${folder}/osd.0
keyring = ${folder}/keyring
[client.rgw]
rgw frontends = beast endpoint=127.0.0.1:${gateway}
rgw thread pool size = 32
rgw enable usage log = false
`;
}
