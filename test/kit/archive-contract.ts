import { expect, test } from 'vitest';
import { openArchive } from '../../src/archive/archive.ts';
import type { Archive } from '../../src/archive/port.ts';
import type { Store } from '../../src/archive/store.ts';
import type { ReportEntry } from '../../src/domain/report.ts';
import { sha256 } from '../../src/kit/hash.ts';
import { besideChainsContract } from './beside-chains-contract.ts';
import { collect } from './collect.ts';
import { draft, SOURCE, START, sink } from './drafts.ts';
import { movableClock } from './movable-clock.ts';

const clock = movableClock(START);

/** What an archive must do over every store: the factory gives an empty one. */
export function archiveContract(openEmpty: () => Promise<Store>) {
  async function open() {
    const store = await openEmpty();
    return { store, archive: openArchive(store, { clock }), again: () => openArchive(store, { clock }) };
  }

  test('a report is found by another process, chained to the one before, with its bytes', async () => {
    const { archive, again } = await open();
    const [first, second] = await fill(archive, 2);

    const head = await again().head(SOURCE);

    expect(head).toEqual(second);
    expect(head?.manifest.previous).toEqual({ number: 1, sha256: first?.sha256 });
    const parts = await again().parts(head!);
    expect([...parts.keys()]).toEqual(['report.csv', 'access-keys.json', 'context.json', 'findings.json']);
    expect(Buffer.from(parts.get('report.csv')!).toString()).toBe('user,arn\nreport,2\n');
    expect([...(await again().parts(head!, ['context.json', 'no-such.json'])).keys()]).toEqual(['context.json']);
  });

  test('a source without reports has no head', async () => {
    const { archive } = await open();

    expect(await archive.head(SOURCE)).toBeUndefined();
    expect(await archive.entry(SOURCE, 1)).toBeUndefined();
  });

  test('objects are named as the format says', async () => {
    const { store, archive } = await open();
    await fill(archive, 1);

    const folder = `sources/${SOURCE}/00000001`;
    const hex = (text: string) => sha256(text);
    expect(await keys(store)).toEqual(
      [
        'accounts/aws/123456789012.credential-report.json',
        `${folder}/access-keys-${hex('{"keys":[]}')}.json.gz`,
        `${folder}/context-${hex('{"version":1}')}.json`,
        `${folder}/findings-${hex('{"version":1,"open":[]}')}.json`,
        `${folder}/manifest.json`,
        `${folder}/report-${hex('user,arn\nreport,1\n')}.csv.gz`,
      ].sort(),
    );
  });

  test('whoever was judged against an older head has lost the race', async () => {
    const { archive, again } = await open();
    const [first] = await fill(archive, 2);

    const late = await again().append(SOURCE, draft(3), first);
    const blind = await again().append(SOURCE, draft(3), undefined);

    expect(late).toMatchObject({ kind: 'raced', head: { number: 2 } });
    expect(blind).toMatchObject({ kind: 'raced', head: { number: 2 } });
  });

  test('twenty at once get one number each, without a gap', async () => {
    const { store } = await open();

    await Promise.all(Array.from({ length: 20 }, (_, index) => appendUntilIn(openArchive(store, { clock }), index)));

    const archive = openArchive(store, { clock });
    const head = await archive.head(SOURCE);
    let before: ReportEntry | undefined;
    for (let number = 1; number <= (head?.number ?? 0); number += 1) {
      const entry = await archive.entry(SOURCE, number);
      expect(entry?.manifest.previous?.sha256).toBe(before?.sha256);
      expect(entry!.generatedAt).toBeGreaterThan(before?.generatedAt ?? 0);
      before = entry;
    }
    expect(head?.generatedAt).toBe(draft(19).generatedAt);
  });

  test('a report that is not newer, or lies in the future, is refused', async () => {
    const { archive } = await open();
    const [, second] = await fill(archive, 2);

    await expect(archive.append(SOURCE, draft(2, 'other'), second)).rejects.toMatchObject({ kind: 'malformed' });
    await expect(archive.append(SOURCE, draft(3, 'x', START + 301_000), second)).rejects.toMatchObject({
      kind: 'misconfigured',
      message: expect.stringContaining('clock'),
    });
    expect(await archive.append(SOURCE, draft(3, 'x', START + 299_000), second)).toMatchObject({ kind: 'appended' });
  });

  test('what a crash left in the folder of the next number is not in the way', async () => {
    const { store, archive } = await open();
    const [first] = await fill(archive, 1);
    await store.create(`sources/${SOURCE}/00000002/report-${'0'.repeat(64)}.csv.gz`, Buffer.from('litter'));

    expect(await archive.append(SOURCE, draft(2), first)).toMatchObject({ kind: 'appended', entry: { number: 2 } });
  });

  test('a source is registered by being seen, and by being filed', async () => {
    const { archive, again } = await open();
    await fill(archive, 1);
    const other = SOURCE.replace('123456789012', 'main_A-1') as typeof SOURCE;

    await archive.seen(other, START);
    await archive.seen(other, START + 1);

    expect(await again().sources()).toEqual([SOURCE, other]);
    expect(await again().firstSeen(other)).toBe(START);
    expect(await again().firstSeen('aws/1/never' as typeof SOURCE)).toBeUndefined();
  });

  test('the cursor is the highest receipt, per start of the sink', async () => {
    const { archive, again } = await open();
    const entries = await fill(archive, 3);
    const head = entries[2];
    const everything = await archive.sinkEpoch(sink('everything'), 'all', 'file:a', START);
    const empty = await archive.cursor(everything, SOURCE, head);
    for (const entry of entries.slice(0, 2)) await archive.receive(everything, entry, receipt(entry));

    expect(empty).toBe(0);
    expect(await archive.cursor(everything, SOURCE, head)).toBe(2);
    expect(await again().cursor(everything, SOURCE, head)).toBe(2);
    await again().receive(everything, head!, receipt(head!));
    expect(await archive.cursor(everything, SOURCE, head)).toBe(3);
    expect(await again().cursor(everything, SOURCE, head)).toBe(3);

    const moved = await again().sinkEpoch(sink('everything'), 'all', 'file:b', START + 1);
    const anew = await again().sinkEpoch(sink('everything'), '2026-11-01', 'file:b', START + 2);
    expect(moved).toEqual(everything);
    expect(anew).toMatchObject({ epoch: 2, start: { start: '2026-11-01', target: 'file:b' } });
    expect(await again().cursor(anew, SOURCE, head)).toBe(0);
    await again().receive(anew, entries[0]!, receipt(entries[0]!));
    expect(await again().cursor(anew, SOURCE, head)).toBe(1);
  });

  test('a cursor past the head, or of another chain, holds the source', async () => {
    const { archive, again } = await open();
    const [first, second] = await fill(archive, 2);
    const epoch = await archive.sinkEpoch(sink('s'), 'all', 't', START);
    await archive.receive(epoch, first!, receipt(first!));
    await archive.receive(epoch, second!, receipt(second!));

    expect(await again().cursor(epoch, SOURCE, first)).toBe(2); // looked up before the second was there
    const other = { ...second!, sha256: 'f'.repeat(64) };
    await expect(again().cursor(epoch, SOURCE, other)).rejects.toMatchObject({ kind: 'malformed' });
    const lost = { ...second!, number: 3, sha256: 'e'.repeat(64) };
    await archive.receive(epoch, lost, receipt(lost));
    await expect(again().cursor(epoch, SOURCE, second)).rejects.toMatchObject({ kind: 'misconfigured' });
  });

  test('a receipt that would leave a gap is refused', async () => {
    const { archive } = await open();
    const [first, , third] = await fill(archive, 3);
    const epoch = await archive.sinkEpoch(sink('s'), 'all', 't', START);
    await archive.receive(epoch, first!, receipt(first!));

    await expect(archive.receive(epoch, third!, receipt(third!))).rejects.toThrow(/cannot follow/);
    await expect(archive.receive(epoch, third!, receipt(first!))).rejects.toThrow(/must name/);
  });

  besideChainsContract(open);
}

export async function fill(archive: Archive, count: number): Promise<ReportEntry[]> {
  const entries: ReportEntry[] = [];
  for (let index = 1; index <= count; index += 1) {
    const appended = await archive.append(SOURCE, draft(index), entries.at(-1));
    if (appended.kind !== 'appended') throw new Error('nobody else writes here');
    entries.push(appended.entry);
  }
  return entries;
}

export function receipt(entry: ReportEntry) {
  return { number: entry.number, manifest: entry.sha256, delivered_at: '2026-11-20T09:00:00Z', events: 3, rejected: 0 };
}

/** As the pipeline does: whoever loses looks again, and drops a report that is no longer newer. */
async function appendUntilIn(archive: Archive, index: number): Promise<void> {
  for (;;) {
    const head = await archive.head(SOURCE);
    if (head !== undefined && head.generatedAt >= draft(index).generatedAt) return;
    if ((await archive.append(SOURCE, draft(index), head)).kind === 'appended') return;
  }
}

async function keys(store: Store): Promise<string[]> {
  return collect(store.list(''));
}
