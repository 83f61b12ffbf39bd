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

test('the archive has reports of every cloud, its own and those that are put together, and both audits', () => {
  const kinds = committedIds().map((line) => line.split('/').slice(0, 3).join('/'));

  expect([...new Set(kinds)].sort()).toEqual([
    'alibaba/1200059917548200/access-audit',
    'alibaba/1200059917548200/credential-report',
    'alibaba/1200059917548200/key-audit',
    'alibaba/1234567890123456/credential-report',
    'aws/123456789012/credential-report',
    'aws/354824374000/access-audit',
    'aws/354824374000/key-audit',
    'muster/golden/health',
    'tencent/100000000001/credential-report-import',
    'tencent/100010000101/access-audit',
    'tencent/100010000101/credential-report',
    'tencent/100010000101/key-audit',
  ]);
});
