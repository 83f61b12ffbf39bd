import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT, repositoryFiles } from './tree.ts';

const DOCUMENTS = repositoryFiles().filter(({ path }) => path.endsWith('.md') && !path.includes('/fixtures/'));

test('every link in a document leads somewhere', () => {
  const dead = DOCUMENTS.flatMap(({ path, text }) =>
    [...text.matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)[^)]*\)/g)]
      .map(([, target]) => target!)
      .filter((target) => !existsSync(join(ROOT, dirname(path), target)))
      .map((target) => `${path} -> ${target}`),
  );

  expect(dead).toEqual([]);
});

test('every place in the tree that a document names is there', () => {
  const gone = DOCUMENTS.flatMap(({ path, text }) =>
    [...text.matchAll(/`((?:src|test|config|docs)\/[\w./-]+)`/g)]
      .map(([, place]) => place!)
      .filter((place) => !existsSync(join(ROOT, place)))
      .map((place) => `${path} names ${place}`),
  );

  expect(gone).toEqual([]);
});

test('the architecture says where the four-hour rule lives and how to add a cloud', () => {
  const text = DOCUMENTS.find(({ path }) => path === 'docs/architecture.md')?.text ?? '';

  expect(text).toMatch(/four-hour rule\*\* \| `src\/pipeline\/due\.ts`/);
  expect(text).toMatch(/how to add a cloud\*\* \| one folder .* one line in `src\/providers\/registry\.ts`/);
});

test('every decision is in the list of decisions', () => {
  const list = DOCUMENTS.find(({ path }) => path === 'docs/decisions/README.md')?.text ?? '';
  const decisions = DOCUMENTS.filter(({ path }) => /^docs\/decisions\/\d{4}-/.test(path));

  expect(decisions.length).toBeGreaterThan(0);
  expect(decisions.filter(({ path }) => !list.includes(`(${path.slice('docs/decisions/'.length)})`))).toEqual([]);
});
