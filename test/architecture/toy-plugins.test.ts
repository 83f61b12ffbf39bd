import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROOT } from './tree.ts';
import { violations } from './walk.ts';

const CONFIG = `
archive: ./archive
http: false
accounts:
  - { provider: toy, account_id: toy-1, name: playground, users: [ann, bob, "=cmd"], reports: { credential-report: { every: 1h } } }
sinks:
  - { name: shout, type: toy, mark: TOY, format: plain, start: all, events: [inventory, summary] }
`;

let tree = '';

beforeAll(async () => {
  tree = await mkdtemp(join(tmpdir(), 'muster-toys-'));
  await cp(join(ROOT, 'src'), join(tree, 'src'), { recursive: true, filter: (path) => !path.endsWith('.test.ts') });
  for (const file of ['package.json', 'tsconfig.json', 'tsconfig.build.json', '.oxlintrc.json']) {
    await cp(join(ROOT, file), join(tree, file));
  }
  await symlink(join(ROOT, 'node_modules'), join(tree, 'node_modules'));
  await plug('providers', 'toy-cloud');
  await plug('sinks', 'toy-sink');
}, 60_000);

afterAll(() => rm(tree, { recursive: true, force: true }));

test('a toy cloud and a toy sink compile: one folder and one registry line each', { timeout: 120_000 }, async () => {
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');

  expect(await run([compiler, '-p', 'tsconfig.build.json'])).toEqual({ code: 0, stdout: '', stderr: '' });
});

test('they obey the import rules, for the walker and for the linter', { timeout: 60_000 }, async () => {
  const linter = join(ROOT, 'node_modules/oxlint/bin/oxlint');

  expect(violations(tree)).toEqual([]);
  expect(await run([linter, '--deny-warnings', 'src/providers/toy', 'src/sinks/toy'])).toMatchObject({ code: 0 });
});

test('the config knows them, and what is wrong with them is said as for any other', { timeout: 60_000 }, async () => {
  await writeFile(join(tree, 'muster.yaml'), CONFIG);
  await writeFile(join(tree, 'wrong.yaml'), CONFIG.replace('toy-1', '"12"').replace('mark:', 'marc:'));

  expect(await muster('check')).toMatchObject({ code: 0 });
  const wrong = await muster('check', '--config', 'wrong.yaml');
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toMatch(/wrong\.yaml:5:\d+.*toy-1/);
  expect(wrong.stderr).toMatch(/wrong\.yaml:7:\d+.*mark/);
});

test('a report of the toy cloud is archived, and its events reach the toy sink', { timeout: 60_000 }, async () => {
  const collected = await muster('collect');

  expect(collected.code, collected.stderr).toBe(0);
  const events = collected.stderr.split('\n').flatMap((line) => (line.startsWith('TOY ') ? [eventOf(line)] : []));
  expect(
    events
      .filter(({ kind }) => kind === 'inventory')
      .map(({ identity }) => identity?.name)
      .sort((a = '', b = '') => a.localeCompare(b, 'en')),
  ).toEqual(['=cmd', 'ann', 'bob']);
  expect(events.filter(({ kind, account }) => kind === 'summary' && account.provider === 'toy')).toHaveLength(1);
});

/** One folder, and one line in the registry (with the import that it needs). */
async function plug(folder: 'providers' | 'sinks', toy: string): Promise<void> {
  const registry = join(tree, 'src', folder, 'registry.ts');
  const source = await readFile(registry, 'utf8');
  await mkdir(join(tree, 'src', folder, 'toy'));
  await cp(join(import.meta.dirname, 'fixtures', toy, 'index.ts.txt'), join(tree, 'src', folder, 'toy/index.ts'));
  await writeFile(registry, `import { toy } from './toy/index.ts';\n${source.replace(/\[\] = \[/, '[] = [toy, ')}`);
}

function muster(...args: readonly string[]) {
  return run(['dist/cli/main.js', ...args]);
}

function eventOf(line: string) {
  return JSON.parse(line.slice('TOY '.length)) as {
    kind: string;
    account: { provider: string };
    identity?: { name: string };
  };
}

function run(args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [...args], { cwd: tree, maxBuffer: 1 << 24 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}
