import { expect, test } from 'vitest';
import { committedIds, derivedIds, verifiedGoldenArchive } from '../../test/kit/golden-archive.ts';

const typeOf = (line: string) => line.split(' ')[2];

test('no event of an old archive has another id in this release, and none is gone', async () => {
  const derived = new Set(await derivedIds());

  expect(committedIds().filter((line) => !derived.has(line))).toEqual([]);
});

test('no event of a type that was there before has come to an old archive', async () => {
  const committed = new Set(committedIds());
  const known = new Set([...committed].map(typeOf));

  expect((await derivedIds()).filter((line) => known.has(typeOf(line)) && !committed.has(line))).toEqual([]);
});

test('an old archive is whole to this release', async () => {
  expect(await verifiedGoldenArchive()).toMatchObject({ problems: [] });
});
