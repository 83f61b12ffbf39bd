import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PART_CANARIES } from './canaries.ts';
import { PLUGIN_CANARIES } from './canaries-of-plugins.ts';
import { linterOverrides, type Override, properties } from './linter.ts';
import { importsIn, tokens } from './source.ts';
import { ROOT } from './tree.ts';
import { sourceFiles, violations, violationsIn } from './walk.ts';

const CANARIES = [...PART_CANARIES, ...PLUGIN_CANARIES];

describe('the tree', () => {
  test('obeys the table of imports, type-only imports included', () => {
    const found = violations(ROOT);

    expect(found.map(({ file, line, what }) => `${file}:${line} ${what}`)).toEqual([]);
    expect(sourceFiles(ROOT).length).toBeGreaterThan(20);
  });

  test('the linter has the same table (else: node --import tsx test/architecture/write-linter-rules.ts)', async () => {
    const config = JSON.parse(await readFile(join(ROOT, '.oxlintrc.json'), 'utf8')) as {
      rules: Record<string, unknown>;
      overrides: Override[];
    };
    const expected = linterOverrides();

    expect(config.overrides.slice(0, expected.length)).toEqual(expected);
    expect(config.rules['no-restricted-properties']).toEqual(properties({}));
    expect(config.overrides.slice(expected.length).some((override) => override.files[0]?.startsWith('src/'))).toBe(
      false,
    );
  });
});

describe('planted files that break the rules', () => {
  let tree = '';
  let flagged = new Map<string, Set<number>>();

  beforeAll(async () => {
    tree = await mkdtemp(join(tmpdir(), 'muster-canaries-'));
    await cp(join(ROOT, '.oxlintrc.json'), join(tree, '.oxlintrc.json'));
    for (const { file, good, bad } of CANARIES) {
      await mkdir(dirname(join(tree, file)), { recursive: true });
      await writeFile(join(tree, file), `${[...good, ...bad].join('\n')}\n`);
    }
    flagged = await lint(tree);
  }, 60_000);

  afterAll(() => rm(tree, { recursive: true, force: true }));

  test.each(CANARIES)('the walker refuses every bad line of $file and no good one', ({ file, good, bad }) => {
    const lines = new Set(violationsIn(file, [...good, ...bad].join('\n')).map(({ line }) => line));

    expect(named(lines, good, bad)).toEqual(bad);
  });

  test.each(CANARIES)('the linter refuses every bad line of $file and no good one', ({ file, good, bad }) => {
    expect(named(flagged.get(file) ?? new Set(), good, bad)).toEqual(bad);
  });

  test('the walker sees what the linter cannot: type imports, computed names, the clock', () => {
    const source = [
      "type A = import('../archive/port.ts').Archive;",
      "const name = 'x'; await import(name);",
      'const now = new Date();',
      "const copy = new Date(5); // new Date(), import '../cli/main.ts'",
      "const text = `import '../cli/main.ts' ${new Date()}`;",
      "import 'crypto';",
    ].join('\n');

    const lines = violationsIn('src/kit/deeper.ts', source).map(({ line }) => line);

    expect(lines).toEqual([1, 2, 6]);
    expect(
      violationsIn('src/archive/x.ts', source)
        .map(({ line }) => line)
        .sort((a, b) => a - b),
    ).toEqual([2, 3, 5, 6]);
  });

  test('a file in a folder without a rule is refused', () => {
    expect(violationsIn('src/helpers/x.ts', '')).toHaveLength(1);
    expect(violationsIn('src/x.ts', '')).toHaveLength(1);
    expect(violationsIn('src/providers/helpers.ts', '')).toHaveLength(1);
  });
});

test('the reader of imports is not misled by comments, strings, templates and regular expressions', () => {
  const source = [
    "// import '1';",
    "/* import '2'; */ import { a, type B as C } from './3.ts';",
    "const quote = /['\"`]/; const ratio = 4 / 2; // ' /",
    "const text = \"import 'x'\" + `${ `${quote}` } import 'y' }`;",
    "const from = text; Array.from('z');",
    "export { d as e } from './5.ts';",
    "import f, * as g from './6.ts';",
    "import type { H } from './7.ts';",
  ].join('\n');

  expect(importsIn(tokens(source))).toEqual([
    { specifier: './3.ts', names: ['a', 'B'], line: 2 },
    { specifier: './5.ts', names: ['d'], line: 6 },
    { specifier: './6.ts', names: ['*'], line: 7 },
    { specifier: './7.ts', names: ['H'], line: 8 },
  ]);
});

function named(lines: ReadonlySet<number>, good: readonly string[], bad: readonly string[]): string[] {
  return [...good, ...bad].filter((_, index) => lines.has(index + 1));
}

/** Lines that the rules of imports and of the world around flag, by file. */
async function lint(tree: string): Promise<Map<string, Set<number>>> {
  const flagged = new Map<string, Set<number>>();
  const binary = join(ROOT, 'node_modules/oxlint/bin/oxlint');
  const output = await run(process.execPath, [binary, '--format', 'unix', 'src'], tree);
  for (const line of output.split('\n')) {
    const hit = /^(src\/\S+?):(\d+):\d+: .*\[\w+\/eslint\(no-restricted-(?:imports|properties)\)\]$/.exec(line);
    if (hit === null) continue;
    const lines = flagged.get(hit[1]!) ?? new Set();
    flagged.set(hit[1]!, lines.add(Number(hit[2])));
  }
  return flagged;
}

/** What it printed, whatever its exit code: findings are what we want here. */
function run(command: string, args: readonly string[], cwd: string): Promise<string> {
  return new Promise((resolve) => {
    execFile(command, args, { cwd, maxBuffer: 1 << 24 }, (_error, stdout) => resolve(stdout));
  });
}
