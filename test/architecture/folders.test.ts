import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { VERSION } from '../../src/kit/version.ts';
import { importsIn, tokens } from './source.ts';
import { ROOT, repositoryFiles } from './tree.ts';
import { sourceFiles } from './walk.ts';

const FILES = repositoryFiles();

describe.each(['providers', 'sinks'])('src/%s', (folder) => {
  const registry = join(ROOT, 'src', folder, 'registry.ts');

  test.runIf(existsSync(registry))('has exactly one registry line for each plugin, and a plugin for each line', () => {
    const lines = importsIn(tokens(readFileSync(registry, 'utf8'))).map(({ specifier }) => specifier);
    const plugins = readdirSync(join(ROOT, 'src', folder), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== 'shared')
      .map((entry) => `./${entry.name}/index.ts`);

    expect(lines.filter((line) => line.endsWith('/index.ts')).sort()).toEqual(plugins.sort());
  });

  test('has no plugin named like a part of Muster', () => {
    const parts = readdirSync(join(ROOT, 'src'));

    expect(readdirSync(join(ROOT, 'src', folder)).filter((name) => parts.includes(name))).toEqual([]);
  });
});

test('no file of code is longer than three screens', () => {
  const long = FILES.filter(({ path }) => path.endsWith('.ts')).map(({ path, text }) => ({
    path,
    lines: text.split('\n').length - 1,
  }));

  expect(long.filter(({ lines }) => lines > 250)).toEqual([]);
});

test('there are no barrels but the door of a plugin, and files are named in kebab-case', () => {
  const files = sourceFiles(ROOT);

  expect(
    files.filter((file) => file.endsWith('/index.ts') && !/^src\/(providers|sinks)\/[a-z-]+\/index\.ts$/.test(file)),
  ).toEqual([]);
  expect(files.filter((file) => !/^src(\/[a-z0-9-]+)+\.ts$/.test(file))).toEqual([]);
});

test('no file holds something that looks like a secret', () => {
  expect(matches(SECRETS).filter(isSuspicious)).toEqual([]);
});

test('no file names a path of the machine it was written on', () => {
  expect(matches(MACHINE_PATHS)).toEqual([]);
});

test('no file names the host of a package registry', () => {
  expect(matches(REGISTRY_HOSTS)).toEqual([]);
});

test('the version in the manifests is the version of the package', () => {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };

  expect(VERSION).toBe(version);
});

/** What AWS and Standard Webhooks print in their own documentation; anything else of these shapes may be real. */
const DOCUMENTED = ['EXAMPLE', 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'];
const SECRETS = [
  /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/,
  /\bLTAI[A-Za-z0-9]{16,}\b/,
  /\bAKID[A-Za-z0-9]{32}\b/,
  /\bwhsec_[A-Za-z0-9+/]{32,}/,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----(?:\\[nr]|$)/,
  /\bgh[pousr]_[A-Za-z0-9]{36}\b/,
  /\bxox[baprs]-[A-Za-z0-9-]{20,}/,
];
// Pieces, so that this file does not hold what it looks for.
const MACHINE_PATHS = [
  new RegExp(`(?<![\\w.:/-])/(?:${['work', 'home/[a-z]', 'Users', 'root'].join('|')})/`),
  /[A-Z]:\\\\?Users\\/,
];
const REGISTRY_HOSTS = [new RegExp(['registry\\.npm', 'js\\.org|npmjs\\.com|yarnpkg\\.com|npmmirror\\.com'].join(''))];

/** Made-up ones say so, or repeat a few characters. */
function isSuspicious(hit: string): boolean {
  const text = hit.slice(hit.indexOf(' ') + 1);
  return !DOCUMENTED.some((example) => text.toUpperCase().includes(example.toUpperCase())) && new Set(text).size > 9;
}

function matches(patterns: readonly RegExp[]): string[] {
  return FILES.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) => {
      const hit = patterns.map((pattern) => pattern.exec(line)?.[0]).find((found) => found !== undefined);
      return hit === undefined ? [] : [`${path}:${index + 1} ${hit}`];
    }),
  );
}
