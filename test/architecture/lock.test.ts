import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from './tree.ts';

interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
  readonly packages: Readonly<Record<string, Locked>>;
};

// npm drops what its registry does not have while it writes the lock, and `npm ci` then refuses that lock.
test('the lock names every optional package too, those of other machines included', () => {
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter((name) => !isLocked(path, name)),
  );

  expect([...new Set(missing)]).toEqual([]);
});

test('the lock names no host and no folder: packages come from wherever npm is told to look', () => {
  expect(Object.entries(packages).filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
  expect(Object.entries(packages).filter(([path, { version }]) => path !== '' && version === undefined)).toEqual([]);
});

/** As Node looks: beside the package, then in each folder above it. */
function isLocked(parent: string, name: string): boolean {
  const steps = parent === '' ? [] : parent.split('/node_modules/');
  const places = steps.map((_, count) => `${steps.slice(0, count + 1).join('/node_modules/')}/node_modules/${name}`);
  return [...places, `node_modules/${name}`].some((place) => place in packages);
}
