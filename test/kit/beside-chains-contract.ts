import { expect, test } from 'vitest';
import type { Archive } from '../../src/archive/port.ts';
import { collect } from './collect.ts';
import { draft, SOURCE, START, sink } from './drafts.ts';

type Open = () => Promise<{ readonly archive: Archive; readonly again: () => Archive }>;

/** What an archive keeps beside its chains: quarantine, attempts, dead letters, series. */
export function besideChainsContract(open: Open) {
  test('a quarantined report is kept once, with its parts, until somebody decides', async () => {
    const { archive, again } = await open();

    const kept = await archive.quarantine(SOURCE, draft(1), 'the root row is missing');
    const twice = await again().quarantine(SOURCE, draft(1), 'the root row is still missing');

    expect(kept.id).toMatch(/^20261009T210000Z-[0-9a-f]{12}$/);
    expect(twice).toEqual(kept);
    expect(await again().quarantined()).toEqual([kept]);
    expect(await again().quarantined(SOURCE)).toEqual([kept]);
    expect(Buffer.from((await again().quarantinedParts(kept)).get('report.csv')!).toString()).toContain('report,1');
    await archive.decide(kept, 'rejected', START);
    await archive.decide(kept, 'accepted', START + 1);
    expect((await again().quarantined()).map(({ decision }) => decision)).toEqual(['accepted']);
    expect(await archive.head(SOURCE)).toBeUndefined();
  });

  test('a quarantined report keeps what could not be seen and the name of its account', async () => {
    const { archive, again } = await open();
    const told = { ...draft(1), notVisible: ['mfa', 'keys'], cloudName: 'Production' };

    const kept = await archive.quarantine(SOURCE, told, 'no');
    const plain = await archive.quarantine(SOURCE, draft(2), 'no');

    expect(kept).toMatchObject({ notVisible: ['mfa', 'keys'], cloudName: 'Production' });
    expect(Object.keys(plain)).not.toContain('notVisible');
    expect(Object.keys(plain)).not.toContain('cloudName');
    expect(await again().quarantined()).toEqual([kept, plain]);
  });

  test('a quarantined report can be superseded', async () => {
    const { archive, again } = await open();
    await archive.decide(await archive.quarantine(SOURCE, draft(1), 'no'), 'superseded', START);

    expect((await again().quarantined()).map(({ decision }) => decision)).toEqual(['superseded']);
  });

  test('quarantined reports come oldest first', async () => {
    const { archive } = await open();
    for (const index of [5, 1, 3]) await archive.quarantine(SOURCE, draft(index), 'no');

    expect((await archive.quarantined()).map(({ generatedAt }) => generatedAt)).toEqual(
      [1, 3, 5].map((index) => draft(index).generatedAt),
    );
  });

  test('parses that never finished are counted', async () => {
    const { archive, again } = await open();
    const [poison, sane] = ['a'.repeat(64), 'b'.repeat(64)] as const;

    expect(await archive.announceParse(SOURCE, poison, '0.1.0', START)).toBe(1);
    expect(await again().announceParse(SOURCE, poison, '0.1.0', START)).toBe(2);
    expect(await again().announceParse(SOURCE, poison, '0.1.0', START)).toBe(3);
    await again().parsed(SOURCE, poison, '0.1.0');
    expect(await again().announceParse(SOURCE, poison, '0.1.0', START)).toBe(3);
    expect(await archive.announceParse(SOURCE, sane, '0.1.0', START)).toBe(1);
    await archive.parsed(SOURCE, sane, '0.1.0');
    expect(await archive.announceParse(SOURCE, sane, '0.1.0', START)).toBe(1);
  });

  test('a dead letter is listed until it is settled', async () => {
    const { archive, again } = await open();
    const letter = {
      sink: sink('s'),
      source: SOURCE,
      number: 7,
      event_id: 'abc',
      reason: 'too big',
      rejected_at: 'now',
      payload: '{}',
    };
    await archive.deadLetter(letter);
    await archive.deadLetter({ ...letter, event_id: 'abd' });
    await archive.deadLetter({ ...letter, sink: sink('t') });

    const found = await collect(again().deadLetters(sink('s')));

    expect(found).toEqual([
      { id: `s/${SOURCE}/00000007-abc`, ...letter },
      { id: `s/${SOURCE}/00000007-abd`, ...letter, event_id: 'abd' },
    ]);
    expect(await again().deadLetterCount(sink('s'))).toBe(2);
    await archive.settle(found[0]!, 'dropped', START);
    expect(await again().deadLetterCount(sink('s'))).toBe(1);
    expect((await collect(again().deadLetters())).map(({ id }) => id)).toEqual([
      `s/${SOURCE}/00000007-abd`,
      `t/${SOURCE}/00000007-abc`,
    ]);
  });

  test('an event that is refused again after its letter was settled is a new letter', async () => {
    const { archive, again } = await open();
    const refused = { sink: sink('s'), source: SOURCE, number: 7, event_id: 'abc', rejected_at: 'now', payload: '{}' };
    const unsettled = async () => collect(again().deadLetters());

    for (const reason of ['first', 'the same']) await archive.deadLetter({ ...refused, reason });
    const [first, ...rest] = await unsettled();
    await archive.settle(first!, 'retried', START);
    for (const reason of ['second', 'the same']) await again().deadLetter({ ...refused, reason });
    const second = await unsettled();
    await archive.settle(second[0]!, 'dropped', START);
    await archive.deadLetter({ ...refused, reason: 'third' });
    const third = await unsettled();
    expect(await archive.deadLetterCount(sink('s'))).toBe(1);

    expect(rest).toEqual([]);
    expect(first).toMatchObject({ id: `s/${SOURCE}/00000007-abc`, reason: 'first' });
    expect(second).toEqual([{ ...refused, id: `s/${SOURCE}/00000007-abc.2`, reason: 'second' }]);
    expect(third).toEqual([{ ...refused, id: `s/${SOURCE}/00000007-abc.3`, reason: 'third' }]);
    await expect(archive.settle({ ...first!, id: 's/else' }, 'dropped', START)).rejects.toThrow(/as it was listed/);
  });

  test('a series gives each number once, and its highest is the present', async () => {
    const { archive, again } = await open();
    const series = archive.series<{ readonly is: string }>(['state', 'x']);

    expect(await series.latest()).toBeUndefined();
    expect(await series.append({ is: 'a' }, 0)).toBe(true);
    expect(await again().series(['state', 'x']).append({ is: 'b' }, 0)).toBe(false);
    expect(await again().series(['state', 'x']).append({ is: 'b' }, 1)).toBe(true);
    await expect(series.append({ is: 'd' }, 5)).rejects.toThrow(/no number 5/);

    expect(await series.latest()).toEqual({ number: 2, value: { is: 'b' } });
    expect(await collect(again().series(['state', 'x']).all())).toEqual([
      { number: 1, value: { is: 'a' } },
      { number: 2, value: { is: 'b' } },
    ]);
  });

  test('no name leads out of its place', async () => {
    const { archive } = await open();
    const letter = { sink: sink('s'), source: SOURCE, number: 7, reason: 'x', rejected_at: 'now', payload: '{}' };

    expect(() => archive.series(['..', 'x'])).toThrow(/not safe/);
    await expect(archive.deadLetter({ ...letter, event_id: '../../x' })).rejects.toThrow(/event id/);
    await expect(archive.head('../../etc/x' as typeof SOURCE)).rejects.toThrow(/not safe/);
    const escape = { ...draft(1), parts: [{ name: '../report.csv', bytes: Buffer.from('x') }] };
    await expect(archive.append(SOURCE, escape, undefined)).rejects.toMatchObject({ kind: 'malformed' });
  });
}
