import { expect, test } from 'vitest';
import type { Store } from '../../src/archive/store.ts';

/** What every store must do. The factory gives an empty store, and the same one again as another process would see it. */
export function storeContract(open: () => Promise<{ readonly store: Store; readonly again: () => Promise<Store> }>) {
  test('what was created is read back by another process', async () => {
    const { store, again } = await open();

    expect(await store.create('a/b.json', bytes('one'))).toBe('created');

    expect(text(await (await again()).get('a/b.json'))).toBe('one');
  });

  test('a key that exists keeps its first bytes', async () => {
    const { store, again } = await open();
    await store.create('a/b.json', bytes('one'));

    expect(await store.create('a/b.json', bytes('two'))).toBe('exists');
    expect(await (await again()).create('a/b.json', bytes('one'))).toBe('exists');
    expect(text(await store.get('a/b.json'))).toBe('one');
  });

  test('of twenty at once exactly one creates', async () => {
    const { store, again } = await open();
    const other = await again();

    const made = await Promise.all(
      Array.from({ length: 20 }, (_, index) => [store, other][index % 2]!.create('race/x', bytes(`${index}`))),
    );

    expect(made.filter((outcome) => outcome === 'created')).toHaveLength(1);
    expect(text(await other.get('race/x'))).toBe(`${made.indexOf('created')}`);
  });

  test('a missing key is undefined', async () => {
    const { store } = await open();
    await store.create('a/b', bytes(''));

    expect(await store.get('a/c')).toBeUndefined();
    expect(await store.get('z/z/z')).toBeUndefined();
    expect(await store.get('a')).toBeUndefined();
    expect((await store.get('a/b'))?.length).toBe(0);
  });

  test('bytes of every kind come back as they were', async () => {
    const { store } = await open();
    const all = Uint8Array.from({ length: 70_000 }, (_, index) => index % 256);

    await store.create('all/bytes.bin', all);

    expect(Buffer.compare((await store.get('all/bytes.bin')) ?? Buffer.alloc(0), all)).toBe(0);
  });

  test('keys are listed in byte order, below the prefix and after the given one', async () => {
    const { store } = await open();
    const keys = ['s/a-1/x', 's/a.b', 's/a/1', 's/a/2/deep', 's/a/2/deeper/y', 's/a/3', 's/a0', 's/b@2', 'sz'];
    for (const key of keys.toReversed()) await store.create(key, bytes(key));

    expect(await listed(store, '')).toEqual(keys);
    expect(await listed(store, 's/')).toEqual(keys.slice(0, -1));
    expect(await listed(store, 's/a/')).toEqual(['s/a/1', 's/a/2/deep', 's/a/2/deeper/y', 's/a/3']);
    expect(await listed(store, 'nothing/here/')).toEqual([]);
    for (const after of [...keys, 's/a', 's/a/', 's/a/2', 's/a/2~', 's/a/20', 's/a0', 's0']) {
      expect(await listed(store, '', after), `after ${after}`).toEqual(keys.filter((key) => key > after));
    }
  });

  test('more keys than fit on a page are all listed', async () => {
    const { store } = await open();
    const keys = Array.from({ length: 1_100 }, (_, index) => `many/${String(index).padStart(5, '0')}`);
    for (let at = 0; at < keys.length; at += 50) {
      await Promise.all(keys.slice(at, at + 50).map((key) => store.create(key, bytes('x'))));
    }

    expect(await listed(store, 'many/')).toEqual(keys);
    expect(await listed(store, 'many/', 'many/01050')).toHaveLength(49);
  });

  test.each([
    '',
    '/a',
    'a/',
    'a//b',
    '..',
    'a/../../b',
    './a',
    'a/.',
    'a\\b',
    'a b',
    'a\0b',
    'a/.hidden',
    '%2e%2e/a',
    'ä',
  ])('the key %j is refused', async (key) => {
    const { store } = await open();

    await expect(store.create(key, bytes('x'))).rejects.toThrow(/not safe/);
    await expect(store.get(key)).rejects.toThrow(/not safe/);
  });

  test.each(['..', '../', '/', 'a', 'a/../'])('the prefix %j is refused', async (prefix) => {
    const { store } = await open();

    await expect(listed(store, prefix)).rejects.toThrow(/not safe/);
  });
}

function bytes(text: string): Uint8Array {
  return Buffer.from(text);
}

function text(bytes: Uint8Array | undefined): string | undefined {
  return bytes === undefined ? undefined : Buffer.from(bytes).toString();
}

async function listed(store: Store, prefix: string, after?: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of store.list(prefix, after)) keys.push(key);
  return keys;
}
