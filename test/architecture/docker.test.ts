import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { ROOT } from './tree.ts';

interface Instruction {
  readonly name: string;
  readonly rest: string;
}

interface Service {
  readonly image: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: unknown;
  readonly privileged?: unknown;
  readonly volumes: readonly string[];
  readonly secrets: readonly string[];
  readonly read_only: boolean;
  readonly tmpfs: readonly string[];
  readonly cap_drop: readonly string[];
  readonly security_opt: readonly string[];
  readonly deploy: {
    readonly replicas?: number;
    readonly resources: { readonly limits: Readonly<Record<string, unknown>> };
  };
}

describe('the Dockerfile', () => {
  const all = instructions(read('Dockerfile'));
  const final = all.slice(all.findLastIndex(({ name }) => name === 'FROM'));
  const only = (name: string) => final.filter((instruction) => instruction.name === name).map(({ rest }) => rest);

  test('names a tag for every image, never latest, and lets a release pin digests', () => {
    const froms = all.filter(({ name }) => name === 'FROM').map(({ rest }) => rest);
    const defaults = new Map(
      all.filter(({ name }) => name === 'ARG').map(({ rest }) => rest.split('=', 2) as [string, string]),
    );
    const images = froms.map((from) => defaults.get(/^\$\{(\w+)\}/.exec(from)?.[1] ?? '') ?? from);

    expect(froms).toHaveLength(2);
    for (const image of images) expect(image).toMatch(/^[\w./-]+:(?!latest)[\w.-]+$/);
    for (const image of images) expect(image).toMatch(/node(js)?:?24/);
  });

  test('runs as a numeric user that is not root, with its place for data', () => {
    expect(only('USER')).toEqual(['65532:65532']);
    expect(only('VOLUME')).toEqual(['["/var/lib/muster"]']);
    expect(final.findIndex(({ name }) => name === 'USER')).toBeLessThan(
      final.findIndex(({ name }) => name === 'ENTRYPOINT'),
    );
  });

  test('needs no shell: every command is in exec form', () => {
    const commands = all.filter(({ name }) => ['RUN', 'CMD', 'ENTRYPOINT'].includes(name)).map(({ rest }) => rest);
    const health = only('HEALTHCHECK')[0] ?? '';

    for (const command of [...commands, health.replace(/^.*?CMD\s+/, '')]) {
      expect(JSON.parse(command)).toSatisfy((value) => Array.isArray(value) && value.length > 0);
    }
    expect(health).toContain('dist/daemon/health-check.js');
    expect(only('RUN')).toEqual([]);
  });

  test('takes nothing from the network but images and locked packages, and runs no install script', () => {
    expect(all.filter(({ name }) => name === 'ADD')).toEqual([]);
    expect(all.filter(({ rest }) => /\b(curl|wget|apt-get|apk|npm install|npm i|npx)\b/.test(rest))).toEqual([]);
    for (const { rest } of all.filter(({ rest }) => rest.includes('"npm", "ci"')))
      expect(rest).toContain('--ignore-scripts');
  });

  test('prunes development packages before anything is copied', () => {
    const build = all.slice(0, all.length - final.length).map(({ rest }) => rest);

    expect(build.findIndex((rest) => rest.includes('"prune", "--omit=dev"'))).toBeGreaterThan(
      build.findIndex((rest) => rest.includes('"npm", "run", "build"')),
    );
  });

  test('copies no secret: no whole folder goes in, and what is sent is an allow-list', () => {
    expect(all.filter(({ name, rest }) => name === 'COPY' && /^\.\s/.test(rest))).toEqual([]);
    expect(all.filter(({ name, rest }) => name === 'ENV' && /secret|token|password|key/i.test(rest))).toEqual([]);
    expect(
      read('.dockerignore')
        .split('\n')
        .find((line) => line !== '' && !line.startsWith('#')),
    ).toBe('*');
  });

  test('carries the version of the package', () => {
    const { version } = JSON.parse(read('package.json')) as { version: string };

    expect(only('ARG')).toContain(`VERSION=${version}`);
    expect(read('compose.yaml')).toContain(`image: muster:${version}`);
  });
});

describe('compose.yaml', () => {
  const { services, secrets, volumes, networks } = parse(read('compose.yaml')) as {
    readonly services: { readonly muster: Service; readonly redis: Service };
    readonly secrets: Readonly<Record<string, { readonly file: string }>>;
    readonly volumes: Readonly<Record<string, unknown>>;
    readonly networks: Readonly<Record<string, { readonly internal?: boolean } | null>>;
  };

  test.each(['muster', 'redis'] as const)('%s has no more rights than it needs', (name) => {
    const service = services[name];

    expect(service.read_only).toBe(true);
    expect(service.cap_drop).toEqual(['ALL']);
    expect(service.security_opt).toContain('no-new-privileges:true');
    expect(service.tmpfs[0]).toMatch(/^\/tmp:.*noexec/);
    expect(Object.keys(service.deploy.resources.limits).sort()).toEqual(['cpus', 'memory', 'pids']);
    expect(service.ports).toBeUndefined();
    expect(service.privileged).toBeUndefined();
    expect(service.secrets).toEqual(['redis_password']);
  });

  test('three workers share one archive and read one config', () => {
    expect(services.muster.deploy.replicas).toBe(3);
    expect(services.muster.volumes).toContain('archive:/var/lib/muster');
    expect(services.muster.volumes.find((volume) => volume.includes('muster.yaml'))).toMatch(/:ro$/);
    expect(Object.keys(volumes)).toEqual(['archive', 'redis']);
  });

  test('Redis keeps what it has, evicts nothing, wants a password and is not on the outside', () => {
    const command = services.redis.command?.join(' ') ?? '';

    for (const setting of [
      '--appendonly yes',
      '--maxmemory-policy noeviction',
      'requirepass',
      '/run/secrets/redis_password',
    ]) {
      expect(command).toContain(setting);
    }
    expect(services.redis.image).toMatch(/^redis:\d+\.\d+/);
    expect(networks['inside']?.internal).toBe(true);
    expect(Object.values(secrets).every(({ file }) => file.startsWith('./secrets/'))).toBe(true);
  });
});

test('the workflow may only read the repository', () => {
  const workflow = parse(read('.github/workflows/ci.yml')) as {
    permissions: unknown;
    jobs: Record<string, { permissions?: unknown }>;
  };

  expect(workflow.permissions).toEqual({ contents: 'read' });
  expect(Object.values(workflow.jobs).filter((job) => job.permissions !== undefined)).toEqual([]);
  expect(read('.github/workflows/ci.yml')).not.toContain('pull_request_target');
});

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

function instructions(text: string): Instruction[] {
  const joined = text.replace(/^\s*#.*$/gm, '').replace(/\\\n/g, ' ');
  return joined.split('\n').flatMap((line) => {
    const match = /^([A-Z]+)\s+(.*)$/.exec(line.trim());
    return match === null ? [] : [{ name: match[1]!, rest: match[2]!.trim() }];
  });
}
